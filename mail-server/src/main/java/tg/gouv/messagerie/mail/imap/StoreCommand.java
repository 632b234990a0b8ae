package tg.gouv.messagerie.mail.imap;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.mail.Flags;
import org.apache.james.imap.api.message.IdRange;
import org.apache.james.imap.api.message.UidRange;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.message.request.StoreRequest;
import org.apache.james.imap.message.response.FetchResponse;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MessageSequenceNumber;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.ModSeq;
import org.apache.james.mailbox.model.UpdatedFlags;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.util.MDCBuilder;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.mail.rights.FlagStore;
import tg.gouv.messagerie.mail.rights.GuardedMessages;

/**
 * STORE (RFC 9051 section 6.4.6), of the messages that the session was told of and of no other.
 *
 * <p>With UNCHANGEDSINCE (RFC 7162 section 3.1.3) whether a message was changed is looked at in the transaction that changes it: of
 * two sessions that saw the same MODSEQ one changes the message, and the other is told MODIFIED.
 */
public final class StoreCommand extends OnMessages<StoreRequest> {
    /** STORE over these mailboxes. */
    @Inject
    public StoreCommand(MailboxManager mailboxes, StatusResponseFactory responses, MetricFactory metrics) {
        super(StoreRequest.class, mailboxes, responses, metrics);
    }

    @Override
    IdRange[] set(StoreRequest request) {
        return request.getIdSet();
    }

    @Override
    boolean isByUid(StoreRequest request) {
        return request.isUseUids();
    }

    @Override
    Mono<Void> act(StoreRequest request, long[] uids, ToldMailbox told, ImapSession session, Responder responder) {
        boolean conditional = request.getUnchangedSince() >= 0;
        if (conditional) {
            CondStore.enable(session, responder); // RFC 7162 section 3.1
        }
        if (uids.length == 0) {
            okComplete(request, responder);
            return Mono.empty();
        }
        return getSelectedMailboxReactive(session)
                .cast(GuardedMessages.class)
                .flatMap(messages -> messages.store(
                        request.getFlags(),
                        request.getFlagsUpdateMode(),
                        LongStream.of(uids).mapToObj(MessageUid::of).toList(),
                        conditional ? condition(request) : FlagStore.Condition.NONE,
                        session.getMailboxSession()))
                .doOnNext(stored -> answer(stored, request, session, told, responder))
                .then();
    }

    /** Of MODSEQ 0 it is the flag itself that must not exist; a system flag always does (RFC 7162 section 3.1.3). */
    private static FlagStore.Condition condition(StoreRequest request) {
        Flags flags = request.getFlags();
        boolean ofKeywords = request.getUnchangedSince() == 0 && flags.getSystemFlags().length == 0;
        return new FlagStore.Condition(
                request.getUnchangedSince(),
                ofKeywords
                        ? Stream.of(flags.getUserFlags())
                                .map(each -> each.toLowerCase(Locale.ROOT))
                                .toList()
                        : List.of());
    }

    private void answer(
            FlagStore.Stored stored, StoreRequest request, ImapSession session, ToldMailbox told, Responder responder) {
        boolean modSeqs = CondStore.tellsModSeqs(session);
        boolean uids = request.isUseUids() || CondStore.tellsUids(session);
        if (!request.isSilent() || modSeqs) { // with MODSEQs silence is about flags alone
            for (UpdatedFlags each : stored.stored()) {
                told.msn(each.getUid())
                        .ifPresent(number -> responder.respond(response(
                                number,
                                uids ? each.getUid() : null,
                                request.isSilent() ? null : flags(each, told),
                                modSeqs ? each.getModSeq() : null)));
            }
        }
        if (stored.modified().isEmpty()) {
            okComplete(request, responder);
        } else {
            responder.respond(
                    ImapAnswer.modified(request.getTag(), modified(stored.modified(), request.isUseUids(), told)));
        }
    }

    private static Flags flags(UpdatedFlags updated, ToldMailbox told) {
        Flags flags = new Flags(updated.getNewFlags());
        if (told.isRecent(updated.getUid())) {
            flags.add(Flags.Flag.RECENT);
        }
        return flags;
    }

    private static String modified(List<MessageUid> uids, boolean byUid, ToldMailbox told) {
        LongStream.Builder all = LongStream.builder();
        for (MessageUid uid : uids) {
            if (byUid) {
                all.add(uid.asLong());
            } else {
                told.msn(uid).ifPresent(number -> all.add(number.asInt()));
            }
        }
        return Stream.of(ToldMailbox.Uids.ranges(all.build().toArray()))
                .map(UidRange::getFormattedString)
                .collect(Collectors.joining(","));
    }

    @SuppressWarnings({"NullAway", "NullOptional"}) // James leaves out what is null
    private static FetchResponse response(
            MessageSequenceNumber number, @Nullable MessageUid uid, @Nullable Flags flags, @Nullable ModSeq modSeq) {
        return new FetchResponse(number, flags, uid, null, modSeq, null, null, null, null, null, null, null, null);
    }

    @Override
    protected MDCBuilder mdc(StoreRequest request) {
        return MDCBuilder.create().addToContext(MDCBuilder.ACTION, "STORE");
    }
}
