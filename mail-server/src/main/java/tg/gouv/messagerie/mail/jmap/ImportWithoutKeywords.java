package tg.gouv.messagerie.mail.jmap;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.james.jmap.core.Invocation;
import org.apache.james.jmap.mail.EmailCreationId;
import org.apache.james.jmap.mail.EmailImport;
import org.apache.james.jmap.mail.EmailImportRequest;
import org.apache.james.jmap.mail.Keywords;
import org.apache.james.jmap.method.EmailImportMethod;
import org.apache.james.mailbox.MailboxSession;
import scala.jdk.javaapi.CollectionConverters;
import scala.util.Either;

/** James's Email/import, which refuses a message without keywords: {@link #NONE} stands for that, and is taken away here. */
final class ImportWithoutKeywords extends EmailImportMethod {
    static final String NONE = "$messagerie-none";

    ImportWithoutKeywords(EmailImportMethod james) {
        super(
                james.metricFactory(),
                james.sessionSupplier(),
                james.sessionTranslator(),
                james.blobResolvers(),
                james.serializer(),
                james.mailboxManager(),
                james.emailChangeRepository());
    }

    @Override
    public Either<Exception, EmailImportRequest> getRequest(MailboxSession session, Invocation invocation) {
        return super.getRequest(session, invocation).map(ImportWithoutKeywords::withoutMark);
    }

    private static EmailImportRequest withoutMark(EmailImportRequest request) {
        Map<EmailCreationId, EmailImport> emails = new LinkedHashMap<>();
        CollectionConverters.asJava(request.emails())
                .forEach((id, email) -> emails.put(
                        id,
                        email.keywords().contains(NONE)
                                ? email.copy(
                                        email.blobId(),
                                        email.mailboxIds(),
                                        Keywords.DEFAULT_VALUE(),
                                        email.receivedAt())
                                : email));
        return new EmailImportRequest(
                request.accountId(), scala.collection.immutable.Map.from(CollectionConverters.asScala(emails)));
    }
}
