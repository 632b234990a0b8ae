package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;
import tg.gouv.messagerie.directory.help.HelpDesk;
import tg.gouv.messagerie.directory.help.PersonStates.PersonState;
import tg.gouv.messagerie.directory.help.PersonalUsage.Usage;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.Register.Registered;

/** What the API does for who helps people. */
record HelpOperations(Register register, HelpDesk desk) {
    private static final List<String> NONE = List.of();

    List<Operation> all() {
        return List.of(
                new Operation(
                        "GET",
                        "/people/{address}/state",
                        "personState",
                        "How a person's account is: sign-ins, locks, devices, quota, never content; that somebody looks is told to its owner.",
                        "look",
                        NONE,
                        NONE,
                        200,
                        List.of(
                                "state",
                                "passwordSince?",
                                "lastSignIn?",
                                "wrongSecrets#",
                                "waiting[]",
                                "secondFactorSince?",
                                "wrongCodes#",
                                "codesClosedUntil?",
                                "devices#",
                                "sessions#",
                                "activationCodeUntil?",
                                "bytes#",
                                "bytesMax#?",
                                "messages#",
                                "messagesMax#?"),
                        this::state),
                new Operation(
                        "POST",
                        "/people/{address}/unlock",
                        "unlock",
                        "The wrong secrets and codes that were counted against a person's account are forgotten.",
                        "credentials",
                        NONE,
                        NONE,
                        200,
                        List.of("unlocked!"),
                        this::unlock));
    }

    private Answer state(Call call) {
        HelpDesk.Seen seen = desk.look(known(call));
        ObjectNode json = Json.object();
        show(json, seen.account());
        show(json, seen.usage());
        return Answer.of(json);
    }

    private static void show(ObjectNode json, PersonState account) {
        json.put("state", account.state().name().toLowerCase(Locale.ROOT));
        show(json, "passwordSince", account.passwordSince());
        show(json, "lastSignIn", account.lastSignIn());
        json.put("wrongSecrets", account.wrongSecrets());
        ArrayNode waiting = json.putArray("waiting");
        account.waiting()
                .forEach(each -> waiting.addObject()
                        .put("network", each.network())
                        .put("wrongSecrets", each.wrongSecrets())
                        .put("until", each.until().toString()));
        show(json, "secondFactorSince", account.secondFactorSince());
        json.put("wrongCodes", account.wrongCodes());
        show(json, "codesClosedUntil", account.codesClosedUntil());
        json.put("devices", account.devices()).put("sessions", account.sessions());
        show(json, "activationCodeUntil", account.activationCodeUntil());
    }

    private static void show(ObjectNode json, Usage usage) {
        json.put("bytes", usage.bytes()).put("messages", usage.messages());
        usage.bytesMax().ifPresent(most -> json.put("bytesMax", most));
        usage.messagesMax().ifPresent(most -> json.put("messagesMax", most));
    }

    private static void show(ObjectNode json, String name, Optional<Instant> at) {
        at.ifPresent(it -> json.put(name, it.toString()));
    }

    private Answer unlock(Call call) {
        return Answer.of(Json.object().put("unlocked", desk.unlock(known(call))));
    }

    /** The account of the path's person; who acts is judged where it is done. */
    private AccountId known(Call call) {
        return register.person(call.path("address", MailAddress::of))
                .map(Registered::account)
                .orElseThrow(Problem::nothingThere);
    }
}
