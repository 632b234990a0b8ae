package tg.gouv.messagerie.mail.jmap;

import javax.inject.Inject;
import org.apache.james.jmap.json.EmailSetSerializer;
import org.apache.james.jmap.mail.EmailCreationRequest;
import org.apache.james.jmap.mail.EmailSetUpdate;
import org.apache.james.jmap.mail.Keywords;
import org.apache.james.mailbox.model.MailboxId;
import org.apache.james.mailbox.model.MessageId;
import play.api.libs.json.JsObject;
import play.api.libs.json.JsResult;
import play.api.libs.json.JsValue;
import scala.Option;

/** Email/set as James reads it, who refuses {@code "keywords": {}}: no keyword at all (RFC 8621 section 4.1.1). */
public final class EmailSetForm extends EmailSetSerializer {
    private static final String KEYWORDS = "keywords";

    /** The form of messages and mailboxes with ids as these make them. */
    @Inject
    public EmailSetForm(MessageId.Factory messageIds, MailboxId.Factory mailboxIds) {
        super(messageIds, mailboxIds);
    }

    @Override
    public JsResult<EmailCreationRequest> deserializeCreationRequest(JsValue input) {
        return super.deserializeCreationRequest(asksForNone(input) ? withoutKeywords(input) : input);
    }

    @Override
    public JsResult<EmailSetUpdate> deserializeEmailSetUpdate(JsValue input) {
        return asksForNone(input)
                ? super.deserializeEmailSetUpdate(withoutKeywords(input)).map(EmailSetForm::withNone)
                : super.deserializeEmailSetUpdate(input);
    }

    private static boolean asksForNone(JsValue input) {
        return input instanceof JsObject object
                && object.value().contains(KEYWORDS)
                && object.value().apply(KEYWORDS) instanceof JsObject keywords
                && keywords.value().isEmpty();
    }

    private static JsValue withoutKeywords(JsValue input) {
        return ((JsObject) input).$minus(KEYWORDS);
    }

    private static EmailSetUpdate withNone(EmailSetUpdate update) {
        return update.copy(
                Option.apply(Keywords.DEFAULT_VALUE()),
                update.keywordsToAdd(),
                update.keywordsToRemove(),
                update.mailboxIds(),
                update.mailboxIdsToAdd(),
                update.mailboxIdsToRemove());
    }
}
