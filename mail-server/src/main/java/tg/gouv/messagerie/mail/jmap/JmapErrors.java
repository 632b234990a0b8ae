package tg.gouv.messagerie.mail.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import tg.gouv.messagerie.mail.mime.TooDeeplyNested;

/*
 * James 3.8.1 answers serverFail to whatever he does not know, with a text from inside; and invalidArguments, which is an
 * error of a method, where a SetError of RFC 8620 section 5.3 is asked.
 */
/** The types of errors as RFC 8620 and 8621 name them. */
final class JmapErrors {
    private static final Set<String> NOT_PERMITTED = Set.of(
            "Not permitted in this mailbox (RFC 4314 section 4)",
            "This function mailbox may only be read",
            "Rights are given by who has the mailbox",
            "Setting ACL is only permitted to the owner of the mailbox",
            "Invalid change to a delegated mailbox");

    private static final Set<String> AWAY =
            Set.of("The mailbox store does not answer", "The message bodies cannot be reached");

    private JmapErrors() {}

    /** Corrects the error of a method, in place. */
    static void correctMethod(ObjectNode error) {
        if (error.path("type").asText().equals("serverFail")) {
            String description = error.path("description").asText();
            if (AWAY.contains(description)) {
                error.put("type", "serverUnavailable"); // RFC 8620 section 3.6.2
            } else if (NOT_PERMITTED.contains(description)) {
                error.put("type", "forbidden");
            } else {
                error.put("description", "Internal error");
            }
        }
    }

    /** Corrects the errors of single objects, in place. */
    static void correctSet(String method, ObjectNode answer) {
        for (String list : List.of("notCreated", "notUpdated", "notDestroyed")) {
            for (JsonNode each : answer.path(list)) {
                correctObject(method, list, (ObjectNode) each);
            }
        }
    }

    private static void correctObject(String method, String list, ObjectNode error) {
        String description = error.path("description").asText();
        if (NOT_PERMITTED.contains(description)) {
            error.put("type", "forbidden");
            return;
        }
        if (description.startsWith(TooDeeplyNested.SENTENCE)) {
            error.put("type", "invalidEmail"); // RFC 8621 section 4.8
            return;
        }
        switch (error.path("type").asText()) {
            case "serverFail" -> {
                if (!AWAY.contains(description)) {
                    error.put("description", "Internal error");
                }
            }
            case "invalidArguments" -> error.put("type", "invalidProperties");
            case "notFound" -> {
                boolean creates = list.equals("notCreated");
                if (creates || (method.equals("Email/set") && description.equals("Mailbox not found"))) {
                    // RFC 8620 section 5.3: notFound is the object's own; RFC 8621 sections 4.6 and 4.8 name what is
                    // not valid
                    error.put("type", "invalidProperties");
                    error.putArray("properties").add(description.startsWith("Blob") ? "blobId" : "mailboxIds");
                }
            }
            default -> {
                // as the standard says
            }
        }
    }
}
