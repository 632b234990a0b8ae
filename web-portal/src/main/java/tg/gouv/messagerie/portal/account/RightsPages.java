package tg.gouv.messagerie.portal.account;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tg.gouv.messagerie.directory.Directory;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.rights.Rights.Given;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Shell;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** « Mes droits »: positions, function mailboxes, and what one may administer, until when. */
final class RightsPages {
    private final Directory directory;
    private final Register register;
    private final Rights rights;
    private final StaticTemplates templates = new StaticTemplates();

    RightsPages(Directory directory, Register register, Rights rights) {
        this.directory = directory;
        this.register = register;
        this.rights = rights;
    }

    List<Route> routes() {
        return List.of(Route.get("/compte/droits", Access.SIGNED_IN, RightsPages.class, this::show));
    }

    private Reply show(Visit visit) {
        Optional<Registered> person = register.person(visit.owner().primary());
        List<String> positions = new ArrayList<>();
        for (PositionCode code : person.map(Registered::positions).orElse(List.of())) {
            Optional<Position> position = register.position(code);
            position.ifPresent(it -> positions.add(it.title()));
        }
        List<String> functions = directory.functionMailboxes(visit.account()).entrySet().stream()
                .map(it -> visit.shell()
                        .text(
                                "rights.function",
                                it.getKey().displayName(),
                                it.getKey().primary(),
                                visit.shell()
                                        .text("home.access."
                                                + it.getValue().name().toLowerCase(Locale.ROOT))))
                .sorted()
                .toList();
        List<String> given = rights.heldBy(visit.account()).stream()
                .map(it -> sentence(it, visit.shell()))
                .toList();
        return Reply.page(templates.accountRights(visit.shell(), positions, functions, given));
    }

    private String sentence(Given given, Shell shell) {
        String what = given.rights().stream()
                .sorted(Comparator.naturalOrder())
                .map(Right::word)
                .map(it -> shell.text("right." + it))
                .reduce((one, other) -> one + ", " + other)
                .orElse("");
        String where = given.entity()
                .flatMap(code -> register.entity(new EntityCode(code)).map(Entity::name))
                .orElseGet(() -> shell.text("rights.everywhere"));
        return given.until()
                .map(it -> shell.text("rights.given-until", where, what, shell.day(it)))
                .orElseGet(() -> shell.text("rights.given", where, what));
    }
}
