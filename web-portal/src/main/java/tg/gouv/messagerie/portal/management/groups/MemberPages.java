package tg.gouv.messagerie.portal.management.groups;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.Member;
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

/** Who comes into a group and who goes: by address, by position, by a rule, by another group. */
final class MemberPages {
    private final DirectoryParts parts;
    private final GroupPages groups;

    MemberPages(DirectoryParts parts, GroupPages groups) {
        this.parts = parts;
        this.groups = groups;
    }

    List<Route> routes() {
        List<Route> all = new ArrayList<>();
        all.addAll(routes("ajouter", this::addAsked, this::addPlanned));
        all.addAll(routes(
                "ajouter-poste",
                visit -> chosen(visit, "ajouter-poste", "poste", positions(visit)),
                visit -> add(visit, new Member.OfPosition(visit.form().of("poste", PositionCode::new)))));
        all.addAll(routes("ajouter-regle", this::ruleAsked, visit -> add(visit, rule(visit))));
        all.addAll(routes(
                "ajouter-groupe",
                this::groupAsked,
                visit -> add(visit, new Member.OfGroup(visit.form().of("groupe", GroupCode::new)))));
        all.addAll(routes("retirer", this::removeAsked, this::removePlanned));
        return all;
    }

    private List<Route> routes(String act, Function<Visit, Asked> asked, Function<Visit, Planned> planned) {
        return Step.routes(GroupPages.ONE + "/" + act, GroupPages.class, parts.provisioning(), asked, planned);
    }

    private Asked addAsked(Visit visit) {
        return groups.asked(
                visit, groups.known(visit), "ajouter", new Questions(visit).line(Kind.LINES, "adresses", ""));
    }

    private Planned addPlanned(Visit visit) {
        Group group = groups.known(visit);
        Map<MailAddress, String> wanted = AddressLines.read(visit, "adresses", parts.directory(), _ -> false);
        Set<Member> members = new HashSet<>(group.members());
        List<String> sentences = new ArrayList<>();
        wanted.forEach((address, name) -> {
            if (members.add(new Member.OfAccount(address))) {
                sentences.add(visit.shell().text("add.would", name, address.toString()));
            }
        });
        return groups.planned(sentences, group, with(group, members));
    }

    private static Group with(Group group, Set<Member> members) {
        return new Group(group.code(), group.name(), group.entity(), members);
    }

    private Choices positions(Visit visit) {
        groups.known(visit);
        return Choices.positions(visit, parts.structure(), Right.GROUPS);
    }

    private Asked chosen(Visit visit, String act, String field, Choices choices) {
        return groups.asked(
                visit, groups.known(visit), act, choices, new Questions(visit).choice(field, choices.found(), ""));
    }

    private Asked ruleAsked(Visit visit) {
        Group group = groups.known(visit);
        Choices services = Choices.entities(visit, parts.structure(), Right.GROUPS);
        return groups.asked(
                visit,
                group,
                "ajouter-regle",
                services,
                new Questions(visit)
                        .choice("service", services.found(), "")
                        .choice(
                                "langue",
                                List.of(
                                        new Choice("fr", visit.shell().text("language.fr")),
                                        new Choice("en", visit.shell().text("language.en"))),
                                "",
                                visit.shell().text("empty.langue"))
                        .optional(Kind.TEXT, "titre", ""));
    }

    private static Member rule(Visit visit) {
        return new Member.People(
                Optional.of(visit.form().of("service", EntityCode::new)),
                visit.form().given("langue").map(_ -> visit.form().of("langue", MemberPages::language)),
                visit.form().given("titre"));
    }

    private static String language(String text) {
        if (!text.equals("fr") && !text.equals("en")) {
            throw new IllegalArgumentException("no language of people: " + text);
        }
        return text;
    }

    private Asked groupAsked(Visit visit) {
        Group group = groups.known(visit);
        List<Choice> others = parts.groups(visit, Right.GROUPS).stream()
                .filter(it -> !it.value().equals(group.code().value()))
                .toList();
        return groups.asked(visit, group, "ajouter-groupe", new Questions(visit).choice("groupe", others, ""));
    }

    private Planned add(Visit visit, Member member) {
        Group group = groups.known(visit);
        if (group.members().contains(member)) {
            return groups.planned(List.of(), group, group);
        }
        Set<Member> members = new HashSet<>(group.members());
        members.add(member);
        return groups.planned(
                List.of(visit.shell()
                        .text("add.member", new Members(visit.shell(), parts.register()).sentence(member))),
                group,
                with(group, members));
    }

    private Asked removeAsked(Visit visit) {
        Group group = groups.known(visit);
        return groups.asked(
                visit,
                group,
                "retirer",
                new Questions(visit)
                        .optional(Kind.LINES, "adresses", "")
                        .boxes("autres", new Members(visit.shell(), parts.register()).others(group), List.of()));
    }

    private Planned removePlanned(Visit visit) {
        Group group = groups.known(visit);
        Set<Member> members = new HashSet<>(group.members());
        List<String> sentences = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        AddressLines.read(
                        visit,
                        "adresses",
                        parts.directory(),
                        it -> group.members().contains(new Member.OfAccount(it)))
                .forEach((address, name) -> {
                    if (members.remove(new Member.OfAccount(address))) {
                        sentences.add(visit.shell().text("remove.member", name + " – " + address));
                    } else if (!visit.form().has("faire")) { // sent twice, it is gone already
                        wrong.add(visit.shell().text("lines.not-in", address.toString()));
                    }
                });
        AddressLines.refuse(visit, wrong);
        Members words = new Members(visit.shell(), parts.register());
        group.members().stream()
                .filter(it -> visit.form().all("autres").contains(it.text()))
                .forEach(it -> {
                    members.remove(it);
                    sentences.add(visit.shell().text("remove.member", words.sentence(it)));
                });
        return groups.planned(sentences, group, with(group, members));
    }
}
