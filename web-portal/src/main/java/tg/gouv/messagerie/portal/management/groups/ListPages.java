package tg.gouv.messagerie.portal.management.groups;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.MailingLists.Writers;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.MailingList;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused;
import tg.gouv.messagerie.directory.provisioning.ProvisioningRefused.Reason;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.portal.management.asking.Asked;
import tg.gouv.messagerie.portal.management.asking.Choice;
import tg.gouv.messagerie.portal.management.asking.DirectoryParts;
import tg.gouv.messagerie.portal.management.asking.Planned;
import tg.gouv.messagerie.portal.management.asking.Question.Kind;
import tg.gouv.messagerie.portal.management.asking.Questions;
import tg.gouv.messagerie.portal.management.asking.Step;
import tg.gouv.messagerie.portal.pages.PageRefused;
import tg.gouv.messagerie.portal.pages.Route;
import tg.gouv.messagerie.portal.pages.Visit;

/** The mailing list of a group: its address, who may write to it, and who is told what could not be delivered. */
final class ListPages {
    private final DirectoryParts parts;
    private final GroupPages groups;

    ListPages(DirectoryParts parts, GroupPages groups) {
        this.parts = parts;
        this.groups = groups;
    }

    List<Route> routes() {
        List<Route> all = new ArrayList<>(Step.routes(
                GroupPages.ONE + "/liste", GroupPages.class, parts.provisioning(), this::asked, this::planned));
        all.addAll(Step.routes(
                GroupPages.ONE + "/fermer-liste",
                GroupPages.class,
                parts.provisioning(),
                this::closeAsked,
                this::closePlanned));
        return all;
    }

    private Asked asked(Visit visit) {
        Group group = groups.known(visit);
        Optional<MailingList> now = parts.register().mailingListOf(group.code());
        Questions questions = new Questions(visit);
        if (now.isEmpty()) {
            questions.line(Kind.EMAIL, "adresse", "");
        }
        questions
                .radios(
                        "ecrit",
                        Arrays.stream(Writers.values())
                                .map(it -> new Choice(it.word(), visit.shell().text("writers." + it.word())))
                                .toList(),
                        now.map(it -> it.writers().word()).orElse(Writers.STATE.word()))
                .line(
                        Kind.EMAIL,
                        "responsable",
                        now.map(it -> it.owner().toString())
                                .orElseGet(() -> visit.owner().primary().toString()))
                .hidden("vu", visit.form().has("vu") ? visit.form().line("vu") : seen(now));
        return groups.asked(visit, group, "liste", questions);
    }

    private static String seen(Optional<MailingList> list) {
        return list.map(it -> it.address() + " " + it.writers().word() + " " + it.owner())
                .orElse("-");
    }

    private Planned planned(Visit visit) {
        Group group = groups.known(visit);
        Optional<MailingList> now = parts.register().mailingListOf(group.code());
        MailingList wanted = new MailingList(
                now.map(MailingList::address).orElseGet(() -> visit.form().of("adresse", MailAddress::of)),
                group.code(),
                visit.form().of("ecrit", Writers::of),
                visit.form().of("responsable", MailAddress::of));
        List<String> sentences = new ArrayList<>();
        if (!now.equals(Optional.of(wanted))) {
            if (!visit.form().line("vu").equals(seen(now))) {
                throw new ProvisioningRefused(Reason.CHANGED_MEANWHILE, wanted.address());
            }
            sentences.add(visit.shell().text("list.would", wanted.address().toString(), group.name()));
            sentences.add(visit.shell()
                    .text(
                            "list.writers",
                            visit.shell().text("writers." + wanted.writers().word())));
            sentences.add(visit.shell().text("list.owner", wanted.owner().toString()));
        }
        return new Planned(sentences, provisioning -> {
            provisioning.apply(State.of(wanted), now.map(it -> State.of(it)).orElse(State.NOTHING));
            return GroupPages.place(group) + "?fait=changed";
        });
    }

    private Asked closeAsked(Visit visit) {
        return groups.asked(visit, groups.known(visit), "fermer-liste", new Questions(visit));
    }

    private Planned closePlanned(Visit visit) {
        Group group = groups.known(visit);
        Optional<MailingList> now = parts.register().mailingListOf(group.code());
        String done = GroupPages.place(group) + "?fait=closed";
        if (now.isEmpty()) {
            return new Planned(List.of(), _ -> done);
        }
        return new Planned(
                List.of(visit.shell().text("list.close", now.get().address().toString())), provisioning -> {
                    provisioning.state(
                            parts.register()
                                    .mailingListAccount(now.get().address())
                                    .orElseThrow(PageRefused::nothingThere),
                            Account.State.CLOSED);
                    return done;
                });
    }
}
