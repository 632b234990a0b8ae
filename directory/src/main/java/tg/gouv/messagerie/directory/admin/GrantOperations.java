package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.EntityCode;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.PositionCode;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.rights.Grant;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.BearerTokens;
import tg.gouv.messagerie.platform.settings.Secret;

/** What the API does with tokens, and with rights. */
final class GrantOperations {

    private final Register register;
    private final Provisioning provisioning;
    private final Rights rights;
    private final BearerTokens tokens;

    GrantOperations(Register register, Provisioning provisioning, Rights rights, BearerTokens tokens) {
        this.register = register;
        this.provisioning = provisioning;
        this.rights = rights;
        this.tokens = tokens;
    }

    List<Operation> all() {
        return List.of(
                new Operation(
                        "POST",
                        "/tokens",
                        "issueToken",
                        "A token, for who signs in.",
                        "nothing",
                        List.of(),
                        List.of("login", "password", "code?"),
                        201,
                        List.of("token*", "expires", "secondFactorDemanded!"),
                        this::issueToken),
                new Operation(
                        "DELETE",
                        "/tokens/current",
                        "revokeToken",
                        "The token of this request serves no more.",
                        "token",
                        List.of(),
                        List.of(),
                        204,
                        List.of(),
                        this::revokeToken),
                new Operation(
                        "GET",
                        "/me",
                        "me",
                        "Whose token this is, and what they may do.",
                        "token",
                        List.of(),
                        List.of(),
                        200,
                        List.of("id", "grants[]"),
                        this::me),
                new Operation(
                        "POST",
                        "/grants",
                        "grant",
                        "Gives a person or a position rights in a part of the State.",
                        "grant",
                        List.of(),
                        List.of("person?", "position?", "rights[]", "entity?", "accountsMax#?", "from?", "until?"),
                        201,
                        List.of("id"),
                        this::grant),
                new Operation(
                        "DELETE",
                        "/grants/{id}",
                        "revoke",
                        "Takes a grant back, and all that was given by it.",
                        "grant",
                        List.of(),
                        List.of(),
                        204,
                        List.of(),
                        this::revoke));
    }

    private Answer issueToken(Call call) {
        String login = call.body().of("login", text -> text);
        Secret password = new Secret(call.body().of("password", text -> text));
        Optional<Secret> code = call.body().optional("code", Secret::new);
        call.body().end();
        return switch (tokens.issue(login, password, code, call.client())) {
            case BearerTokens.Outcome.Issued issued ->
                Answer.made(Json.object()
                        .put("token", issued.token().reveal())
                        .put("expires", issued.expires().toString())
                        .put("secondFactorDemanded", issued.enrolsOnly()));
            case BearerTokens.Outcome.CodeNeeded() -> throw new Problem(401, "code-needed");
            case BearerTokens.Outcome.Refused() -> throw new Problem(401, "sign-in-refused");
            case BearerTokens.Outcome.Throttled(var until) ->
                throw new Problem(429, "sign-in-throttled", until.toString());
        };
    }

    private Answer revokeToken(Call call) {
        call.token().ifPresent(tokens::revoke);
        return Answer.nothing();
    }

    private Answer me(Call call) {
        ObjectNode json = Shown.grants(rights.heldBy(call.signedIn()), rights.budgets(call.signedIn()));
        return Answer.of(json.put("id", call.signedIn().toString()));
    }

    private Answer grant(Call call) {
        Optional<AccountId> person = call.body()
                .optional("person", MailAddress::of)
                .map(address -> register.person(address)
                        .map(Registered::account)
                        .orElseThrow(() -> new Problem(422, "nobody-there", address.toString())));
        Optional<PositionCode> position = call.body().optional("position", PositionCode::new);
        if (person.isPresent() == position.isPresent()) {
            throw new Problem(422, "one-holder");
        }
        Set<Right> given = EnumSet.noneOf(Right.class);
        given.addAll(call.body().list("rights", Right::of));
        Grant grant;
        try {
            grant = new Grant(
                    person.<Grant.Holder>map(Grant.OfAccount::new)
                            .orElseGet(() -> new Grant.OfPosition(position.orElseThrow())),
                    given,
                    call.body().optional("entity", EntityCode::new),
                    call.body().number("accountsMax"),
                    call.body().moment("from"),
                    call.body().moment("until"));
        } catch (IllegalArgumentException _) {
            throw new Problem(422, "member-malformed", "rights");
        }
        call.body().end();
        return Answer.made(Json.object().put("id", provisioning.grant(grant).toString()));
    }

    private Answer revoke(Call call) {
        provisioning.revoke(call.path("id", UUID::fromString));
        return Answer.nothing();
    }
}
