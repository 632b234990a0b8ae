package tg.gouv.messagerie.mail.jmap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.james.jmap.core.Invocation;
import org.apache.james.jmap.method.InvocationWithContext;
import play.api.libs.json.JsObject;
import play.api.libs.json.Json;

/** A method call or its answer, with arguments that can be read and written. */
record JmapCall(InvocationWithContext whole, ObjectNode arguments) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static JmapCall of(InvocationWithContext whole) {
        try {
            String text = Json.stringify(whole.invocation().arguments());
            return new JmapCall(whole, (ObjectNode) JSON.readTree(text));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("what was read as JSON is none", e);
        }
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    String name() {
        return whole.invocation().methodName().value();
    }

    /** As James knows it. */
    InvocationWithContext written() {
        return with(name(), arguments);
    }

    /** A call or an answer in the place of this one. */
    InvocationWithContext with(String name, ObjectNode others) {
        return new InvocationWithContext(
                new Invocation(
                        new Invocation.MethodName(name),
                        (JsObject) Json.parse(others.toString()),
                        whole.invocation().methodCallId()),
                whole.processingContext());
    }

    /** The answer that this call failed (RFC 8620 section 3.6.2). */
    InvocationWithContext failed(String type, String description) {
        return with("error", object().put("type", type).put("description", description));
    }
}
