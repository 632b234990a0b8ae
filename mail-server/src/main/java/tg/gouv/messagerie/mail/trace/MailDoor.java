package tg.gouv.messagerie.mail.trace;

import java.util.Optional;
import org.apache.mailet.Attribute;
import org.apache.mailet.AttributeName;
import org.apache.mailet.AttributeValue;
import org.apache.mailet.Mail;

/** By which door a mail came, such as {@code smtp}: noted on the mail before it is queued. */
public final class MailDoor {
    /** The attribute of the mail: a text. */
    private static final AttributeName DOOR = AttributeName.of("tg.gouv.messagerie.door");

    private MailDoor() {}

    /** Notes it, unless it is noted. */
    public static void note(String door, Mail mail) {
        if (of(mail).isEmpty()) {
            mail.setAttribute(new Attribute(DOOR, AttributeValue.of(door)));
        }
    }

    /** What was noted. */
    public static Optional<String> of(Mail mail) {
        return mail.getAttribute(DOOR).flatMap(attribute -> attribute.getValue().valueAs(String.class));
    }
}
