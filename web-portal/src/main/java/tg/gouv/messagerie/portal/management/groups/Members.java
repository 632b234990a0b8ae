package tg.gouv.messagerie.portal.management.groups;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Entity;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.Member;
import tg.gouv.messagerie.directory.provisioning.Position;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.portal.management.asking.Choice;
import tg.gouv.messagerie.portal.pages.Shell;

/** Who is to be in a group, in words. */
record Members(Shell shell, Register register) {
    /** So many are told one by one. */
    static final int TOLD_MAX = 100;

    /** A sentence for each of the first {@link #TOLD_MAX}, those first who are not named one by one. */
    List<String> sentences(Group group) {
        List<Member> first = first(group.members());
        Map<Member, String> sentences = sentences(first);
        List<String> all = first.stream().map(sentences::get).collect(Collectors.toList());
        if (group.members().size() > TOLD_MAX) {
            all.add(shell.text("member.more", group.members().size() - TOLD_MAX));
        }
        return all;
    }

    /** Those to choose from who are not accounts: positions, groups and rules. */
    List<Choice> others(Group group) {
        List<Member> first = first(group.members()).stream()
                .filter(it -> !(it instanceof Member.OfAccount))
                .toList();
        Map<Member, String> sentences = sentences(first);
        return first.stream()
                .map(it -> new Choice(it.text(), sentences.getOrDefault(it, it.text())))
                .toList();
    }

    /** What a member is called. */
    String sentence(Member member) {
        return sentences(List.of(member)).getOrDefault(member, member.text());
    }

    private static List<Member> first(Set<Member> members) {
        return members.stream()
                .sorted(Comparator.comparing((Member it) -> it instanceof Member.OfAccount)
                        .thenComparing(Member::text))
                .limit(TOLD_MAX)
                .toList();
    }

    private Map<Member, String> sentences(List<Member> members) {
        Map<PositionCode, Position> positions = register.positions(members.stream()
                .filter(Member.OfPosition.class::isInstance)
                .map(it -> ((Member.OfPosition) it).position())
                .toList());
        Map<EntityCode, Entity> entities = register.entities(members.stream()
                .filter(Member.People.class::isInstance)
                .flatMap(it -> ((Member.People) it).entity().stream())
                .toList());
        return members.stream().collect(Collectors.toMap(it -> it, it -> switch (it) {
            case Member.OfAccount account ->
                shell.text("member.account", account.address().toString());
            case Member.OfPosition held ->
                shell.text(
                        "member.position",
                        Optional.ofNullable(positions.get(held.position()))
                                .map(Position::title)
                                .orElse(held.position().value()));
            case Member.OfGroup inner ->
                shell.text("member.group", inner.group().value());
            case Member.People rule -> rule(rule, entities);
        }));
    }

    private String rule(Member.People rule, Map<EntityCode, Entity> entities) {
        StringBuilder text = new StringBuilder(
                rule.entity().isPresent()
                        ? shell.text(
                                "member.entity",
                                Optional.ofNullable(entities.get(rule.entity().get()))
                                        .map(Entity::name)
                                        .orElse(rule.entity().get().value()))
                        : shell.text("member.everybody"));
        rule.language().ifPresent(it -> text.append(shell.text("member.language", shell.text("language." + it))));
        rule.title().ifPresent(it -> text.append(shell.text("member.title", it)));
        return text.toString();
    }
}
