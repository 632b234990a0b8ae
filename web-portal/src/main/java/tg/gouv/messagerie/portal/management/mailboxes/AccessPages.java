package tg.gouv.messagerie.portal.management.mailboxes;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tg.gouv.messagerie.directory.FunctionAccess;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Assignment;
import tg.gouv.messagerie.directory.provisioning.FunctionMailbox;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.Register.MailboxUser;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.portal.management.asking.Asked;
import tg.gouv.messagerie.portal.management.asking.Choice;
import tg.gouv.messagerie.portal.management.asking.Choices;
import tg.gouv.messagerie.portal.management.asking.DirectoryParts;
import tg.gouv.messagerie.portal.management.asking.Planned;
import tg.gouv.messagerie.portal.management.asking.Question.Kind;
import tg.gouv.messagerie.portal.management.asking.Questions;
import tg.gouv.messagerie.portal.management.asking.Step;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Visit;

/** Who opens a function mailbox: the positions that do, and the people who are given one of them, until when. */
final class AccessPages {
    private final DirectoryParts parts;
    private final MailboxPages mailboxes;

    AccessPages(DirectoryParts parts, MailboxPages mailboxes) {
        this.parts = parts;
        this.mailboxes = mailboxes;
    }

    List<Route> routes() {
        List<Route> all = new ArrayList<>();
        all.addAll(routes("ouvrir", this::openAsked, this::openPlanned));
        all.addAll(routes("retirer", this::shutAsked, this::shutPlanned));
        all.addAll(routes("confier", this::giveAsked, this::givePlanned));
        all.addAll(routes("reprendre", this::takeAsked, this::takePlanned));
        return all;
    }

    private List<Route> routes(String act, Function<Visit, Asked> asked, Function<Visit, Planned> planned) {
        return Step.routes(MailboxPages.ONE + "/" + act, MailboxPages.class, parts.provisioning(), asked, planned);
    }

    private Asked openAsked(Visit visit) {
        FunctionMailbox mailbox = mailboxes.known(visit);
        Choices positions = Choices.positions(visit, parts.structure(), Right.FUNCTION_MAILBOXES);
        return mailboxes.asked(
                visit,
                mailbox,
                "ouvrir",
                positions,
                new Questions(visit)
                        .choice("poste", positions.found(), "")
                        .radios(
                                "acces",
                                List.of(
                                        new Choice(
                                                FunctionAccess.READER.name(),
                                                visit.shell().text("access.READER")),
                                        new Choice(
                                                FunctionAccess.HOLDER.name(),
                                                visit.shell().text("access.HOLDER"))),
                                FunctionAccess.READER.name()));
    }

    private Planned openPlanned(Visit visit) {
        FunctionMailbox mailbox = mailboxes.known(visit);
        PositionCode position = visit.form().of("poste", PositionCode::new);
        FunctionAccess access = visit.form().of("acces", FunctionAccess::valueOf);
        if (access == MailboxPages.access(mailbox).get(position)) {
            return mailboxes.planned(List.of(), mailbox);
        }
        Map<PositionCode, FunctionAccess> holders = new HashMap<>(mailbox.holders());
        holders.put(position, access);
        String title = parts.register().position(position).map(Position::title).orElse(position.value());
        return mailboxes.planned(
                List.of(visit.shell().text("position." + access.name(), title)), with(mailbox, holders));
    }

    private static FunctionMailbox with(FunctionMailbox mailbox, Map<PositionCode, FunctionAccess> holders) {
        return new FunctionMailbox(mailbox.address(), mailbox.displayName(), mailbox.owner(), holders);
    }

    private Asked shutAsked(Visit visit) {
        FunctionMailbox mailbox = mailboxes.known(visit);
        Map<PositionCode, String> titles = mailboxes.titles(mailbox);
        return mailboxes.asked(
                visit,
                mailbox,
                "retirer",
                new Questions(visit)
                        .choice(
                                "poste",
                                mailbox.holders().keySet().stream()
                                        .map(it -> new Choice(it.value(), titles.getOrDefault(it, it.value())))
                                        .toList(),
                                ""));
    }

    private Planned shutPlanned(Visit visit) {
        FunctionMailbox mailbox = mailboxes.known(visit);
        PositionCode position = visit.form().of("poste", PositionCode::new);
        Map<PositionCode, FunctionAccess> holders = new HashMap<>(mailbox.holders());
        String title = mailboxes.titles(mailbox).getOrDefault(position, position.value());
        return mailboxes.planned(
                holders.remove(position) == null
                        ? List.of()
                        : List.of(visit.shell().text("shut.would", title)),
                with(mailbox, holders));
    }

    private Asked giveAsked(Visit visit) {
        FunctionMailbox mailbox = mailboxes.known(visit);
        Map<PositionCode, String> titles = mailboxes.titles(mailbox);
        return mailboxes.asked(
                visit,
                mailbox,
                "confier",
                new Questions(visit)
                        .line(Kind.EMAIL, "personne", "")
                        .radios(
                                "poste",
                                MailboxPages.access(mailbox).entrySet().stream()
                                        .map(it -> new Choice(
                                                it.getKey().value(),
                                                visit.shell()
                                                        .text(
                                                                "position."
                                                                        + it.getValue()
                                                                                .name(),
                                                                titles.getOrDefault(
                                                                        it.getKey(),
                                                                        it.getKey()
                                                                                .value()))))
                                        .toList(),
                                "")
                        .optional(Kind.DATE, "jusque", ""));
    }

    private Planned givePlanned(Visit visit) {
        FunctionMailbox mailbox = mailboxes.known(visit);
        MailAddress address = visit.form().of("personne", MailAddress::of);
        Registered person = parts.register()
                .person(address)
                .orElseThrow(() -> new ProvisioningRefused(Reason.UNKNOWN_PERSON, address));
        PositionCode position = visit.form()
                .of(
                        "poste",
                        text -> MailboxPages.access(mailbox).keySet().stream()
                                .filter(it -> it.value().equals(text))
                                .findFirst()
                                .orElseThrow(() -> new IllegalArgumentException(text)));
        Optional<Instant> until = visit.form().given("jusque").isPresent()
                ? Optional.of(visit.form()
                        .of("jusque", LocalDate::parse)
                        .plusDays(1)
                        .atStartOfDay(visit.shell().site().zone())
                        .toInstant())
                : Optional.empty();
        if (until.isPresent() && !until.get().isAfter(parts.clock().instant())) {
            throw new ProvisioningRefused(Reason.BAD_PERIOD, address, position);
        }
        String title = mailboxes.titles(mailbox).getOrDefault(position, position.value());
        FunctionAccess access = MailboxPages.access(mailbox).getOrDefault(position, FunctionAccess.READER);
        List<String> sentences = new ArrayList<>();
        sentences.add(visit.shell()
                .text(
                        "give.would",
                        person.person().name().display(),
                        title,
                        visit.shell().text("access." + access.name())));
        sentences.add(
                until.isPresent()
                        ? visit.shell().text("give.until", visit.shell().moment(until.get()))
                        : visit.shell().text("give.open"));
        return new Planned(sentences, provisioning -> {
            provisioning.assignment(new Assignment(address, position, Optional.empty(), until));
            return MailboxPages.place(mailbox) + "?fait=changed";
        });
    }

    private Asked takeAsked(Visit visit) {
        FunctionMailbox mailbox = mailboxes.known(visit);
        Map<PositionCode, String> titles = mailboxes.titles(mailbox);
        return mailboxes.asked(
                visit,
                mailbox,
                "reprendre",
                new Questions(visit)
                        .choice(
                                "qui",
                                now(mailbox).stream()
                                        .map(it -> new Choice(key(it), mailboxes.sentence(visit, it, titles)))
                                        .toList(),
                                ""));
    }

    private List<MailboxUser> now(FunctionMailbox mailbox) {
        return parts.register().functionMailboxUsers(mailbox.address(), MailboxPages.USERS_MAX).stream()
                .filter(it -> it.from().isBefore(parts.clock().instant()))
                .toList();
    }

    private static String key(MailboxUser user) {
        return user.person() + " " + user.position();
    }

    private Planned takePlanned(Visit visit) {
        FunctionMailbox mailbox = mailboxes.known(visit);
        String wanted = visit.form().line("qui");
        Optional<MailboxUser> user =
                now(mailbox).stream().filter(it -> key(it).equals(wanted)).findFirst();
        String done = MailboxPages.place(mailbox) + "?fait=changed";
        if (user.isEmpty()) {
            return new Planned(List.of(), _ -> done);
        }
        String title = mailboxes
                .titles(mailbox)
                .getOrDefault(user.get().position(), user.get().position().value());
        return new Planned(List.of(visit.shell().text("take.would", user.get().displayName(), title)), provisioning -> {
            provisioning.assignment(new Assignment(
                    user.get().person(),
                    user.get().position(),
                    Optional.empty(),
                    Optional.of(parts.clock().instant())));
            return done;
        });
    }
}
