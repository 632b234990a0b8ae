package tg.gouv.messagerie.directory.admin;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import tg.gouv.messagerie.directory.Account;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.GroupCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.MailingLists;
import tg.gouv.messagerie.directory.provisioning.Group;
import tg.gouv.messagerie.directory.provisioning.MailingList;
import tg.gouv.messagerie.directory.provisioning.Member;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;

/** What the API does with groups and mailing lists. */
final class GroupOperations {
    private static final List<String> PAGE = List.of("within", "after", "limit");
    private static final List<String> PAGED = List.of("items[]", "next?");
    private static final List<String> GROUP = List.of("code", "name", "entity", "members[]");
    private static final List<String> LIST = List.of("address", "group", "writers", "owner");

    private final Register register;
    private final Provisioning provisioning;
    private final Rights rights;

    GroupOperations(Register register, Provisioning provisioning, Rights rights) {
        this.register = register;
        this.provisioning = provisioning;
        this.rights = rights;
    }

    List<Operation> all() {
        return List.of(
                new Operation(
                        "GET",
                        "/groups",
                        "groups",
                        "Groups of a part of the State, by their codes.",
                        "token",
                        PAGE,
                        List.of(),
                        200,
                        PAGED,
                        this::groups),
                new Operation(
                        "GET",
                        "/groups/{code}",
                        "group",
                        "A group, and who is to be in it.",
                        "token",
                        List.of(),
                        List.of(),
                        200,
                        GROUP,
                        this::group),
                new Operation(
                        "PUT",
                        "/groups/{code}",
                        "putGroup",
                        "Makes a group, or gives it another name, entity or members: account:ADDRESS, position:CODE, group:CODE,"
                                + " people:entity=CODE,language=fr,title=TEXT.",
                        "groups",
                        List.of(),
                        List.of("name", "entity", "members[]"),
                        200,
                        GROUP,
                        this::putGroup),
                new Operation(
                        "DELETE",
                        "/groups/{code}",
                        "removeGroup",
                        "Removes a group that nothing needs.",
                        "groups",
                        List.of(),
                        List.of(),
                        204,
                        List.of(),
                        this::removeGroup),
                new Operation(
                        "GET",
                        "/groups/{code}/members",
                        "groupMembers",
                        "Who is in a group now, by primary addresses.",
                        "look",
                        List.of("after", "limit"),
                        List.of(),
                        200,
                        PAGED,
                        this::members),
                new Operation(
                        "GET",
                        "/mailing-lists",
                        "mailingLists",
                        "Mailing lists of groups of a part of the State, by their addresses.",
                        "token",
                        PAGE,
                        List.of(),
                        200,
                        PAGED,
                        this::mailingLists),
                new Operation(
                        "GET",
                        "/mailing-lists/{address}",
                        "mailingList",
                        "A mailing list.",
                        "token",
                        List.of(),
                        List.of(),
                        200,
                        LIST,
                        this::mailingList),
                new Operation(
                        "PUT",
                        "/mailing-lists/{address}",
                        "putMailingList",
                        "Makes an address that delivers to everybody in a group; writers are anyone, state or members.",
                        "groups",
                        List.of(),
                        LIST.subList(1, LIST.size()),
                        200,
                        LIST,
                        this::putMailingList),
                new Operation(
                        "DELETE",
                        "/mailing-lists/{address}",
                        "closeMailingList",
                        "The list's address delivers no more; it is given to nobody else.",
                        "groups",
                        List.of(),
                        List.of(),
                        204,
                        List.of(),
                        this::closeMailingList));
    }

    private Answer groups(Call call) {
        return Answer.of(Shown.page(
                register.groups(
                        call.query("within", EntityCode::new), call.query("after", GroupCode::new), call.limit()),
                Shown::group,
                group -> group.code().value(),
                call.limit()));
    }

    private Answer group(Call call) {
        return Answer.tagged(Shown.group(known(call)));
    }

    private Answer putGroup(Call call) {
        Group wanted = new Group(
                call.path("code", GroupCode::new),
                call.body().of("name", text -> text),
                call.body().of("entity", EntityCode::new),
                new HashSet<>(call.body().list("members", Member::of)));
        call.body().end();
        Optional<Group> seen = register.group(wanted.code());
        call.demandMatch(seen.map(Shown::group));
        provisioning.apply(State.of(wanted), call.seen(seen, State::of));
        return Answer.tagged(Shown.group(register.group(wanted.code()).orElseThrow(Problem::nothingThere)));
    }

    private Answer removeGroup(Call call) {
        if (!provisioning.removeGroup(call.path("code", GroupCode::new))) {
            throw Problem.nothingThere();
        }
        return Answer.nothing();
    }

    private Answer members(Call call) {
        Group group = known(call);
        if (!rights.may(call.signedIn(), Right.LOOK, new Place.OfEntity(group.entity()))) {
            throw new Problem(403, "not-allowed", Right.LOOK.word());
        }
        return Answer.of(Shown.page(
                register.members(group.code(), call.query("after", MailAddress::of), call.limit()),
                Shown::member,
                MailAddress::toString,
                call.limit()));
    }

    private Answer mailingLists(Call call) {
        return Answer.of(Shown.page(
                register.mailingLists(
                        call.query("within", EntityCode::new), call.query("after", MailAddress::of), call.limit()),
                Shown::mailingList,
                list -> list.address().toString(),
                call.limit()));
    }

    private Answer mailingList(Call call) {
        return Answer.tagged(Shown.mailingList(
                register.mailingList(call.path("address", MailAddress::of)).orElseThrow(Problem::nothingThere)));
    }

    private Answer putMailingList(Call call) {
        MailingList wanted = new MailingList(
                call.path("address", MailAddress::of),
                call.body().of("group", GroupCode::new),
                call.body().of("writers", MailingLists.Writers::of),
                call.body().of("owner", MailAddress::of));
        call.body().end();
        Optional<MailingList> seen = register.mailingList(wanted.address());
        call.demandMatch(seen.map(Shown::mailingList));
        provisioning.apply(State.of(wanted), call.seen(seen, State::of));
        return Answer.tagged(
                Shown.mailingList(register.mailingList(wanted.address()).orElseThrow(Problem::nothingThere)));
    }

    private Answer closeMailingList(Call call) {
        AccountId list = register.mailingListAccount(call.path("address", MailAddress::of))
                .orElseThrow(Problem::nothingThere);
        provisioning.state(list, Account.State.CLOSED);
        return Answer.nothing();
    }

    private Group known(Call call) {
        return register.group(call.path("code", GroupCode::new)).orElseThrow(Problem::nothingThere);
    }
}
