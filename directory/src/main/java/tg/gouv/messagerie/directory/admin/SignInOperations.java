package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.provisioning.Provisioning;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;
import tg.gouv.messagerie.directory.rights.Place;
import tg.gouv.messagerie.directory.rights.Right;
import tg.gouv.messagerie.directory.rights.Rights;
import tg.gouv.messagerie.directory.signin.DevicePasswords;
import tg.gouv.messagerie.directory.signin.SecondFactors;
import tg.gouv.messagerie.directory.signin.Sessions;
import tg.gouv.messagerie.directory.signin.SignIns.Protocol;
import tg.gouv.messagerie.platform.settings.Secret;

/** What the API does with ways to sign in: one's own below {@code /me}, others' for who may give them such ways. */
final class SignInOperations {
    /** What who must have a second factor, and has none, may do. */
    private static final Set<String> ENROLS =
            Set.of("me", "mySecondFactor", "beginSecondFactor", "confirmSecondFactor", "revokeToken");

    private static final List<String> NONE = List.of();
    private static final List<String> ITEMS = List.of("items[]");
    private static final List<String> FACTOR = List.of("since?", "recoveryCodes#");

    private final Register register;
    private final Provisioning provisioning;
    private final Rights rights;
    private final DevicePasswords devices;
    private final Sessions sessions;
    private final SecondFactors factors;

    SignInOperations(
            Register register,
            Provisioning provisioning,
            Rights rights,
            DevicePasswords devices,
            Sessions sessions,
            SecondFactors factors) {
        this.register = register;
        this.provisioning = provisioning;
        this.rights = rights;
        this.devices = devices;
        this.sessions = sessions;
        this.factors = factors;
    }

    /** Whether an operation is allowed to who must turn a second factor on first. */
    static boolean enrols(Operation operation) {
        return ENROLS.contains(operation.id());
    }

    List<Operation> all() {
        return List.of(
                own("GET", "/me/devices", "myDevices", "One's device passwords.", NONE, 200, ITEMS, this::myDevices),
                own(
                        "POST",
                        "/me/devices",
                        "issueDevice",
                        "A new device password for oneself, shown once.",
                        List.of("name", "protocols[]", "expires?"),
                        201,
                        List.of("id", "password*"),
                        this::issueDevice),
                own(
                        "DELETE",
                        "/me/devices/{id}",
                        "revokeMyDevice",
                        "One of one's device passwords opens nothing any more.",
                        NONE,
                        204,
                        NONE,
                        call -> revokeDevice(call, call.signedIn())),
                own(
                        "GET",
                        "/me/sessions",
                        "mySessions",
                        "What one has opened by signing in.",
                        NONE,
                        200,
                        ITEMS,
                        call -> sessions(call.signedIn())),
                own(
                        "DELETE",
                        "/me/sessions",
                        "signMeOut",
                        "Signs oneself out everywhere; this token serves no more.",
                        NONE,
                        204,
                        NONE,
                        call -> signOut(call.signedIn())),
                own(
                        "GET",
                        "/me/second-factor",
                        "mySecondFactor",
                        "Whether one's second factor is on.",
                        NONE,
                        200,
                        FACTOR,
                        call -> factor(call.signedIn())),
                own(
                        "POST",
                        "/me/second-factor",
                        "beginSecondFactor",
                        "A secret for one's telephone.",
                        NONE,
                        201,
                        List.of("secret*", "uri*"),
                        this::begin),
                own(
                        "PUT",
                        "/me/second-factor",
                        "confirmSecondFactor",
                        "Turns one's second factor on, with a first code; this token serves no more.",
                        List.of("code"),
                        200,
                        List.of("recoveryCodes[]*"),
                        this::confirm),
                own(
                        "DELETE",
                        "/me/second-factor",
                        "endMySecondFactor",
                        "Turns one's second factor off, with a code.",
                        List.of("code"),
                        204,
                        NONE,
                        this::endMine),
                of(
                        "GET",
                        "/devices",
                        "devices",
                        "A person's device passwords.",
                        200,
                        ITEMS,
                        call -> devices(known(call))),
                of(
                        "DELETE",
                        "/devices/{id}",
                        "revokeDevice",
                        "A person's device password opens nothing any more.",
                        204,
                        NONE,
                        call -> revokeDevice(call, known(call))),
                of(
                        "GET",
                        "/sessions",
                        "sessions",
                        "What a person has opened by signing in.",
                        200,
                        ITEMS,
                        call -> sessions(known(call))),
                of(
                        "DELETE",
                        "/sessions",
                        "signOut",
                        "Signs a person out everywhere.",
                        204,
                        NONE,
                        call -> signOut(known(call))),
                of(
                        "GET",
                        "/second-factor",
                        "secondFactor",
                        "Whether a person's second factor is on.",
                        200,
                        FACTOR,
                        call -> factor(known(call))),
                of(
                        "DELETE",
                        "/second-factor",
                        "endSecondFactor",
                        "Turns off the second factor of a person who has lost it.",
                        204,
                        NONE,
                        this::end),
                new Operation(
                        "PUT",
                        "/people/{address}/imported-password",
                        "importPassword",
                        "The person, who has no password, keeps the one of which another directory had this hash.",
                        "credentials",
                        NONE,
                        List.of("hash"),
                        204,
                        NONE,
                        this::importPassword));
    }

    private static Operation own(
            String method,
            String path,
            String id,
            String summary,
            List<String> request,
            int status,
            List<String> answer,
            Operation.Doing doing) {
        return new Operation(method, path, id, summary, "token", NONE, request, status, answer, doing);
    }

    private static Operation of(
            String method,
            String path,
            String id,
            String summary,
            int status,
            List<String> answer,
            Operation.Doing doing) {
        return new Operation(
                method, "/people/{address}" + path, id, summary, "credentials", NONE, NONE, status, answer, doing);
    }

    private Answer myDevices(Call call) {
        return devices(call.signedIn());
    }

    private Answer devices(AccountId owner) {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        devices.of(owner).forEach(device -> {
            ObjectNode item = items.addObject()
                    .put("id", device.id().toString())
                    .put("name", device.name())
                    .put("made", device.made().toString());
            ArrayNode protocols = item.putArray("protocols");
            device.protocols().stream().map(SignInOperations::word).sorted().forEach(protocols::add);
            device.expires().ifPresent(it -> item.put("expires", it.toString()));
            device.lastUse()
                    .ifPresent(use -> item.put("used", use.at().toString())
                            .put("usedFrom", use.network())
                            .put("usedBy", word(use.protocol())));
        });
        return Answer.of(json);
    }

    private Answer issueDevice(Call call) {
        String name = call.body().of("name", text -> text);
        Set<Protocol> protocols =
                Set.copyOf(call.body().list("protocols", text -> Protocol.valueOf(text.toUpperCase(Locale.ROOT))));
        Optional<Instant> expires = call.body().moment("expires");
        call.body().end();
        DevicePasswords.Issued issued = devices.issue(call.signedIn(), name, protocols, expires);
        return Answer.made(Json.object()
                .put("id", issued.id().toString())
                .put("password", issued.password().reveal()));
    }

    private Answer revokeDevice(Call call, AccountId owner) {
        if (!devices.revoke(owner, call.path("id", UUID::fromString))) {
            throw Problem.nothingThere();
        }
        return Answer.nothing();
    }

    private Answer sessions(AccountId owner) {
        ObjectNode json = Json.object();
        ArrayNode items = json.putArray("items");
        sessions.of(owner).forEach(session -> {
            ObjectNode item = items.addObject()
                    .put("protocol", word(session.protocol()))
                    .put("network", session.network())
                    .put("since", session.since().toString())
                    .put("account", session.account().toString());
            session.ground().device().ifPresent(it -> item.put("device", it.toString()));
        });
        return Answer.of(json);
    }

    private Answer signOut(AccountId owner) {
        sessions.signOut(owner);
        return Answer.nothing();
    }

    private Answer factor(AccountId owner) {
        SecondFactors.Status status = factors.of(owner);
        ObjectNode json = Json.object().put("recoveryCodes", status.recoveryCodes());
        status.since().ifPresent(it -> json.put("since", it.toString()));
        return Answer.of(json);
    }

    private Answer begin(Call call) {
        SecondFactors.Enrolment begun = factors.begin(call.signedIn());
        return Answer.made(Json.object()
                .put("secret", begun.secret().reveal())
                .put("uri", begun.uri().toString()));
    }

    private Answer confirm(Call call) {
        Secret code = call.body().of("code", Secret::new);
        call.body().end();
        ObjectNode json = Json.object();
        ArrayNode codes = json.putArray("recoveryCodes");
        factors.confirm(call.signedIn(), code).forEach(each -> codes.add(each.reveal()));
        return Answer.of(json);
    }

    private Answer endMine(Call call) {
        Secret code = call.body().of("code", Secret::new);
        call.body().end();
        factors.off(call.signedIn(), Optional.of(code));
        return Answer.nothing();
    }

    private Answer end(Call call) {
        factors.off(known(call), Optional.empty());
        return Answer.nothing();
    }

    private Answer importPassword(Call call) {
        String hash = call.body().of("hash", text -> text);
        call.body().end();
        if (!provisioning.importedPassword(known(call), hash)) {
            throw new Problem(409, "password-there");
        }
        return Answer.nothing();
    }

    /** The person of the path, to whom the actor may give ways to sign in; acts are judged again. */
    private AccountId known(Call call) {
        AccountId account = register.person(call.path("address", MailAddress::of))
                .map(Registered::account)
                .orElseThrow(Problem::nothingThere);
        if (!rights.may(call.signedIn(), Right.CREDENTIALS, new Place.OfAccount(account))) {
            throw new Problem(403, "not-allowed", Right.CREDENTIALS.word());
        }
        return account;
    }

    private static String word(Protocol protocol) {
        return protocol.name().toLowerCase(Locale.ROOT);
    }
}
