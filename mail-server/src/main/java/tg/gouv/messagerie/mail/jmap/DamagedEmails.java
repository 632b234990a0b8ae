package tg.gouv.messagerie.mail.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.apache.james.jmap.method.InvocationWithContext;
import reactor.core.publisher.Flux;
import tg.gouv.messagerie.mail.Trouble;

/*
 * James 3.8.1 fails as a whole when one body of many cannot be read, and a client that asks for a page of a mailbox could never show it.
 * The ids are then asked for one by one; of a message whose body is damaged everything is told that is not in its body.
 */
/** Email/get (RFC 8621 section 4.2) of messages some of which are damaged. */
final class DamagedEmails {
    /** What is told out of the rows of a message. */
    private static final Set<String> WITHOUT_BODY = Set.of(
            "id",
            "blobId",
            "threadId",
            "mailboxIds",
            "keywords",
            "size",
            "receivedAt",
            "messageId",
            "inReplyTo",
            "references",
            "sender",
            "from",
            "to",
            "cc",
            "bcc",
            "replyTo",
            "subject",
            "sentAt");

    private static final List<String> OF_BODIES = List.of(
            "bodyProperties", "fetchTextBodyValues", "fetchHTMLBodyValues", "fetchAllBodyValues", "maxBodyValueBytes");

    private DamagedEmails() {}

    static boolean isDamage(Throwable failure) {
        return Trouble.of(failure) == Trouble.DAMAGED;
    }

    /**
     * Asks for each message alone.
     *
     * @param ask asks James
     */
    static Flux<InvocationWithContext> oneByOne(
            JmapCall call, Function<InvocationWithContext, Flux<InvocationWithContext>> ask) {
        return Flux.fromIterable(call.arguments().path("ids"))
                .concatMap(id -> ask.apply(one(call, id))
                        .onErrorResume(DamagedEmails::isDamage, _ -> ask.apply(withoutBody(call, id))))
                .map(JmapCall::of)
                .reduce(DamagedEmails::together)
                .map(JmapCall::written)
                .flux();
    }

    private static InvocationWithContext one(JmapCall call, JsonNode id) {
        ObjectNode arguments = call.arguments().deepCopy();
        arguments.putArray("ids").add(id);
        return call.with(call.name(), arguments);
    }

    private static InvocationWithContext withoutBody(JmapCall call, JsonNode id) {
        ObjectNode arguments = call.arguments().deepCopy();
        arguments.putArray("ids").add(id);
        ArrayNode properties = arguments.putArray("properties");
        JsonNode asked = call.arguments().path("properties");
        if (asked.isArray()) {
            asked.forEach(property -> {
                if (WITHOUT_BODY.contains(property.asText())
                        || property.asText().startsWith("header:")) {
                    properties.add(property);
                }
            });
        } else {
            WITHOUT_BODY.forEach(properties::add);
        }
        arguments.remove(OF_BODIES);
        return call.with(call.name(), arguments);
    }

    private static JmapCall together(JmapCall first, JmapCall next) {
        for (String list : List.of("list", "notFound")) {
            if (first.arguments().path(list) instanceof ArrayNode all
                    && next.arguments().path(list) instanceof ArrayNode more) {
                all.addAll(more);
            }
        }
        return first;
    }
}
