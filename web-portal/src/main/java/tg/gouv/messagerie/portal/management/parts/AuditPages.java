package tg.gouv.messagerie.portal.management.parts;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.access.PartLedger;
import tg.gouv.messagerie.directory.access.PartLedger.Wanted;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Person;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.StructureIndex;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Reply;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Route.Access;
import tg.gouv.messagerie.portal.pages.Visit;
import tg.gouv.messagerie.portal.templates.StaticTemplates;

/** The pages that tell what the audit trail has of a part of the State. */
public final class AuditPages {
    private static final String PLACE = "/gestion/audit";
    private static final int PAGE = 25;

    /** Fields of the form, which the next page is asked for with. */
    private static final List<String> FIELDS = List.of("personne", "acte", "du", "au");

    private final Parts parts;
    private final PartChoice choice;
    private final StaticTemplates templates = new StaticTemplates();

    /** The pages over what the directory can do. */
    public AuditPages(Parts parts) {
        this.parts = parts;
        this.choice = new PartChoice(parts.structure(), parts.register(), parts.rights(), Right.AUDIT, PLACE, "audit");
    }

    /** What the pages stand on. */
    public record Parts(PartLedger ledger, StructureIndex structure, Register register, Rights rights) {}

    /** All of them. */
    public List<Route> routes() {
        return List.of(
                Route.get(PLACE, Access.SIGNED_IN, AuditPages.class, choice::page),
                Route.get(PLACE + "/{entite}", Access.SIGNED_IN, AuditPages.class, this::read));
    }

    private Reply read(Visit visit) {
        Entity entity = choice.chosen(visit);
        PartLedger.Page page;
        try {
            OptionalLong before = visit.query().given("avant").isPresent()
                    ? OptionalLong.of(visit.query().of("avant", Long::valueOf))
                    : OptionalLong.empty();
            page = parts.ledger().of(entity.code(), wanted(visit), before, PAGE);
        } catch (ProvisioningRefused refused) {
            if (refused.reason() != ProvisioningRefused.Reason.UNKNOWN_ACCOUNT) {
                throw refused;
            }
            return shown(422, visit, entity, List.of(), "", visit.shell().text("audit.unknown-person"));
        } catch (PageRefused refused) {
            return shown(422, visit, entity, List.of(), "", refused.sentence(visit.shell()));
        }
        String next =
                page.next().isPresent() ? asked(visit) + "avant=" + page.next().getAsLong() : "";
        return shown(200, visit, entity, page.entries(), next, "");
    }

    private Reply shown(
            int status, Visit visit, Entity entity, List<PartLedger.Entry> entries, String next, String wrong) {
        Map<String, String> acts = PartLedger.TOLD.stream()
                .map(word -> Map.entry(word, visit.shell().text("act." + word)))
                .sorted(Map.Entry.comparingByValue())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, _) -> a, LinkedHashMap::new));
        Map<String, String> values = FIELDS.stream()
                .collect(Collectors.toMap(name -> name, name -> visit.query().line(name)));
        return Reply.page(
                status,
                templates.partsAudit(
                        visit.shell(),
                        entity,
                        acts,
                        values,
                        entries,
                        next,
                        visit.query().given("avant").isPresent(),
                        wrong));
    }

    private Wanted wanted(Visit visit) {
        ZoneId zone = visit.shell().site().zone();
        Optional<Instant> from =
                day(visit, "du").map(it -> it.atStartOfDay(zone).toInstant());
        Optional<Instant> until =
                day(visit, "au").map(it -> it.plusDays(1).atStartOfDay(zone).toInstant());
        return new Wanted(visit.query().given("acte"), person(visit), from, until);
    }

    private static Optional<LocalDate> day(Visit visit, String name) {
        return visit.query().given(name).isEmpty()
                ? Optional.empty()
                : Optional.of(visit.query().of(name, LocalDate::parse));
    }

    /** By their address or registration number. Whoever is not of the part is told as who does not exist. */
    private Optional<AccountId> person(Visit visit) {
        Optional<String> written = visit.query().given("personne");
        if (written.isEmpty()) {
            return Optional.empty();
        }
        Optional<Register.Registered> person = written.get().contains("@")
                ? parts.register().person(visit.query().of("personne", MailAddress::of))
                : parts.register().person(visit.query().of("personne", Person.RegistrationNumber::new));
        return Optional.of(person.orElseThrow(() -> new PageRefused(422, "audit.unknown-person"))
                .account());
    }

    private static String asked(Visit visit) {
        return FIELDS.stream()
                .filter(name -> visit.query().given(name).isPresent())
                .map(name -> name + "=" + URLEncoder.encode(visit.query().line(name), StandardCharsets.UTF_8) + "&")
                .collect(Collectors.joining());
    }
}
