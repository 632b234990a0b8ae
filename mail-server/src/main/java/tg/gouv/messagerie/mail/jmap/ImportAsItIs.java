package tg.gouv.messagerie.mail.jmap;

import eu.timepit.refined.api.Refined;
import eu.timepit.refined.string.Uri;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.james.jmap.api.change.State;
import org.apache.james.jmap.api.model.AccountId;
import org.apache.james.jmap.core.Invocation;
import org.apache.james.jmap.core.UuidState;
import org.apache.james.jmap.mail.BlobId;
import org.apache.james.jmap.mail.BlobId$;
import org.apache.james.jmap.mail.EmailCreationId;
import org.apache.james.jmap.mail.EmailCreationResponse;
import org.apache.james.jmap.mail.EmailImport;
import org.apache.james.jmap.mail.EmailImportRequest;
import org.apache.james.jmap.mail.EmailImportResponse;
import org.apache.james.jmap.mail.Keywords;
import org.apache.james.jmap.mail.ValidatedEmailImport;
import org.apache.james.jmap.method.EmailImportMethod;
import org.apache.james.jmap.method.InvocationWithContext;
import org.apache.james.jmap.routes.Blob;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.MessageManager.AppendResult;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.ByteContent;
import org.apache.james.mailbox.model.MessageId;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import scala.Option;
import scala.collection.immutable.Set;
import scala.jdk.javaapi.CollectionConverters;
import scala.util.Either;

/*
 * James reads the message into objects and writes it out of them: what is imported has not the octets that were uploaded, so
 * that signatures do not hold, and some thousand parts within one another end the thread. Here the octets are appended.
 */
/** Email/import (RFC 8621 section 4.8) of the octets that were uploaded. James refuses a message without keywords: {@link #NONE} stands for that. */
final class ImportAsItIs extends EmailImportMethod {
    static final String NONE = "$messagerie-none";

    private static final MethodHandle CREATED = constructor();

    private static final String SHARES = "urn:apache:james:params:jmap:mail:shares";

    ImportAsItIs(EmailImportMethod james) {
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
        return super.getRequest(session, invocation).map(ImportAsItIs::withoutMark);
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

    @Override
    public Publisher<InvocationWithContext> doProcess(
            Set<Refined<String, Uri>> capabilities,
            InvocationWithContext call,
            MailboxSession session,
            EmailImportRequest request) {
        Map<EmailCreationId, EmailImport> emails = CollectionConverters.asJava(request.emails());
        return state(capabilities, session)
                .flatMap(before -> Flux.fromIterable(emails.entrySet())
                        .concatMap(each -> imported(each.getKey(), each.getValue(), session), 1)
                        .collectList()
                        .flatMap(results -> state(capabilities, session)
                                .map(after -> answer(call, request, before, after, results))));
    }

    private Mono<UuidState> state(Set<Refined<String, Uri>> capabilities, MailboxSession session) {
        AccountId account = AccountId.fromUsername(session.getUser());
        boolean shared = CollectionConverters.asJava(capabilities).stream()
                .anyMatch(each -> String.valueOf(each).equals(SHARES));
        Mono<State> state = shared
                ? emailChangeRepository().getLatestStateWithDelegation(account)
                : emailChangeRepository().getLatestState(account);
        return state.map(UuidState::fromJava);
    }

    private Mono<ImportResult> imported(EmailCreationId id, EmailImport email, MailboxSession session) {
        Either<IllegalArgumentException, ValidatedEmailImport> valid = email.validate();
        if (valid.isLeft()) {
            return Mono.just(new ImportFailure(id, valid.swap().toOption().get()));
        }
        return Mono.from(blobResolvers().resolve(email.blobId(), session))
                .flatMap(blob -> Mono.fromCallable(() -> append(valid.toOption().get(), blob, session))
                        .subscribeOn(Schedulers.boundedElastic()))
                .<ImportResult>map(added -> new ImportSuccess(id, added))
                .onErrorResume(Exception.class, failure -> Mono.just(new ImportFailure(id, failure)));
    }

    private EmailCreationResponse append(ValidatedEmailImport email, Blob blob, MailboxSession session)
            throws MailboxException, IOException {
        MessageManager mailbox = mailboxManager().getMailbox(email.mailboxId(), session);
        AppendResult added;
        try (InputStream in = blob.content()) {
            added = mailbox.appendMessage(
                    MessageManager.AppendCommand.builder()
                            .recent()
                            .withFlags(email.keywords().asFlags())
                            .withInternalDate(
                                    Date.from(email.receivedAt().asUTC().toInstant()))
                            .build(new ByteContent(in.readAllBytes())),
                    session);
        }
        return created(
                added.getId().getMessageId(),
                BlobId$.MODULE$.of(added.getId().getMessageId()).toOption(),
                added.getThreadId().serialize(),
                added.getSize());
    }

    private static EmailCreationResponse created(MessageId id, Option<BlobId> blob, String thread, long size) {
        try {
            return (EmailCreationResponse) CREATED.invoke(id, blob, thread, (Long) size);
        } catch (Throwable e) {
            throw new IllegalStateException(e); // it holds what it is given
        }
    }

    /** What javac reads of this constructor is Scala's signature, of a size that is no object. */
    private static MethodHandle constructor() {
        try {
            return MethodHandles.publicLookup()
                    .findConstructor(
                            EmailCreationResponse.class,
                            MethodType.methodType(void.class, MessageId.class, Option.class, String.class, Long.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this is not the James that we know", e);
        }
    }

    private InvocationWithContext answer(
            InvocationWithContext call,
            EmailImportRequest request,
            UuidState before,
            UuidState after,
            List<ImportResult> all) {
        ImportResults results =
                new ImportResults(CollectionConverters.asScala(all).toSeq());
        return new InvocationWithContext(
                new Invocation(
                        methodName(),
                        serializer()
                                .serializeEmailImportResponse(new EmailImportResponse(
                                        request.accountId(), before, after, results.created(), results.notCreated())),
                        call.invocation().methodCallId()),
                updateProcessingContext(results, call.processingContext()));
    }
}
