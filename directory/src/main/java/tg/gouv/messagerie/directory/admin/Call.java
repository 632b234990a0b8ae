package tg.gouv.messagerie.directory.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.InputStream;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.provisioning.Register;
import tg.gouv.messagerie.directory.provisioning.State;
import tg.gouv.messagerie.platform.settings.Secret;

/**
 * One request of an operation.
 *
 * @param actor whose token it is; absent for an operation that needs none
 * @param token the token, when there is one
 * @param path what stands for the names of the path's template
 * @param query the parameters of the query
 * @param ifMatch the entity tags of If-Match (RFC 9110 section 13.1.1)
 * @param file the body of an operation that takes a file
 */
record Call(
        Optional<AccountId> actor,
        Optional<Secret> token,
        InetAddress client,
        Map<String, String> path,
        Map<String, String> query,
        Optional<String> ifMatch,
        Body body,
        InputStream file) {
    AccountId signedIn() {
        return actor.orElseThrow(() -> new Problem(401, "token-needed"));
    }

    /** What stands in the path. */
    <T> T path(String name, Function<String, T> type) {
        try {
            return type.apply(path.getOrDefault(name, ""));
        } catch (IllegalArgumentException _) {
            throw Problem.nothingThere();
        }
    }

    <T> Optional<T> query(String name, Function<String, T> type) {
        String text = query.get(name);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(type.apply(text));
        } catch (IllegalArgumentException _) {
            throw new Problem(400, "parameter-malformed", name);
        }
    }

    /** How many things the page may hold: 100 unless the query says otherwise. */
    int limit() {
        int limit = query("limit", Integer::valueOf).orElse(100);
        if (limit < 1 || limit > Register.PAGE_MAX) {
            throw new Problem(400, "parameter-malformed", "limit");
        }
        return limit;
    }

    /** Whether the act is only to be rehearsed. */
    boolean dryRun() {
        return truth("dry-run");
    }

    /** A parameter of the query that is true or false; false without it. */
    boolean truth(String name) {
        return query(name, text -> switch (text) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw new IllegalArgumentException(text);
                })
                .orElse(false);
    }

    /** The thing is still as the client says that it saw it, if it says so. */
    void demandMatch(Optional<ObjectNode> now) {
        ifMatch().ifPresent(tags -> {
            if (now.isEmpty() || !Tag.matches(tags, Tag.of(now.get()))) {
                throw new Problem(412, "changed-meanwhile");
            }
        });
    }

    /** What must still be so when it is changed: what was seen, if the client says that it saw something. */
    <T> State seen(Optional<T> seen, Function<T, State> of) {
        return ifMatch().flatMap(_ -> seen).map(of).orElse(State.NOTHING);
    }
}
