package tg.gouv.messagerie.directory.postgres;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.PersonName;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.platform.settings.Secret;

/** A ministry of two people: Akossiwa directs the budget, Kofi is her colleague. */
final class SmallState {
    static final MailAddress AKOSSIWA = MailAddress.of("akossiwa.mensah@gouv.tg");
    static final MailAddress KOFI = MailAddress.of("kofi.mensah@gouv.tg");
    static final MailAddress BUDGET = MailAddress.of("directeur.budget@gouv.tg");
    static final PositionCode DIRECTOR = new PositionCode("directeur-budget");
    static final PositionCode CLERK = new PositionCode("agent-budget");
    static final EntityCode ENERGY = new EntityCode("energie");
    static final EntityCode BUDGET_SERVICE = new EntityCode("budget");

    private SmallState() {}

    static State state(Map<MailAddress, Secret> passwords) {
        return new State(
                List.of("gouv.tg"),
                List.of(
                        new Entity(ENERGY, "Ministère de l'Énergie", Optional.empty()),
                        new Entity(BUDGET_SERVICE, "Service du budget", Optional.of(ENERGY))),
                List.of(
                        new Position(DIRECTOR, "Directeur du Budget", BUDGET_SERVICE),
                        new Position(CLERK, "Agent du Budget", BUDGET_SERVICE)),
                List.of(person("Akossiwa", AKOSSIWA), person("Kofi", KOFI)),
                List.of(new Assignment(AKOSSIWA, DIRECTOR), new Assignment(KOFI, CLERK)),
                List.of(new FunctionMailbox(BUDGET, "Directeur du Budget", DIRECTOR)),
                passwords);
    }

    static Person person(String given, MailAddress address) {
        return new Person(
                Optional.empty(), new PersonName(given, "Mensah"), address, Locale.FRENCH, Optional.of(BUDGET_SERVICE));
    }
}
