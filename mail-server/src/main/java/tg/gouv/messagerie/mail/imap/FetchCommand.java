package tg.gouv.messagerie.mail.imap;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.inject.Inject;
import javax.mail.Flags;
import org.apache.james.imap.api.display.HumanReadableText;
import org.apache.james.imap.api.message.BodyFetchElement;
import org.apache.james.imap.api.message.FetchData;
import org.apache.james.imap.api.message.FetchData.Item;
import org.apache.james.imap.api.message.IdRange;
import org.apache.james.imap.api.message.SectionType;
import org.apache.james.imap.api.message.UidRange;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.message.request.FetchRequest;
import org.apache.james.imap.message.response.FetchResponse;
import org.apache.james.imap.message.response.VanishedResponse;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.MessageSequenceNumber;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.ModSeq;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.model.FetchGroup;
import org.apache.james.mailbox.model.MailboxACL;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.model.MessageResult;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.util.MDCBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.mail.Trouble;
import tg.gouv.messagerie.mail.postgres.OpenedMailboxes;
import tg.gouv.messagerie.platform.blobs.CorruptBlob;

/*
 * James's own would keep the whole answer in memory while the client does not read, name all that is not there as vanished, and
 * says BAD to UIDs of an empty mailbox.
 */
/** FETCH (RFC 9051 section 6.4.5, RFC 7162), of the messages that the session was told of; it waits while the client does not read. */
public final class FetchCommand extends OnMessages<FetchRequest> {
    private static final Logger LOG = LoggerFactory.getLogger(FetchCommand.class);

    private final OpenedMailboxes rows;

    /** FETCH over these mailboxes. */
    @Inject
    public FetchCommand(
            OpenedMailboxes rows, MailboxManager mailboxes, StatusResponseFactory responses, MetricFactory metrics) {
        super(FetchRequest.class, mailboxes, responses, metrics);
        this.rows = rows;
    }

    @Override
    IdRange[] set(FetchRequest request) {
        return request.getIdSet();
    }

    @Override
    boolean isByUid(FetchRequest request) {
        return request.isUseUids();
    }

    @Override
    Mono<Void> act(FetchRequest request, long[] uids, ToldMailbox told, ImapSession session, Responder responder) {
        FetchData asked = request.getFetch();
        if (asked.getVanished()) { // RFC 7162 section 3.2.6
            if (!CondStore.tellsUids(session)) {
                taggedBad(request, responder, HumanReadableText.QRESYNC_NOT_ENABLED);
                return Mono.empty();
            }
            if (asked.getChangedSince() < 0 || !request.isUseUids()) {
                taggedBad(request, responder, HumanReadableText.QRESYNC_VANISHED_WITHOUT_CHANGEDSINCE);
                return Mono.empty();
            }
        }
        if (asked.contains(Item.MODSEQ)) {
            CondStore.enable(session, responder);
        }
        AtomicBoolean damaged = new AtomicBoolean();
        return getSelectedMailboxReactive(session)
                .flatMap(mailbox -> vanished(request, told, responder)
                        .thenMany(Flux.fromIterable(told.together(uids)))
                        .concatMap(
                                range -> new Fetching(asked, session, told, mailbox, responder, damaged).of(range), 1)
                        .then())
                .then(Mono.fromRunnable(() -> {
                    if (damaged.get()) {
                        responder.respond(ImapAnswer.DAMAGED.no(request.getTag()));
                    } else {
                        okComplete(request, responder);
                    }
                }));
    }

    /** What vanished out of the set since, as far as the log of what was expunged goes back; beyond, all that is not there. */
    private Mono<Void> vanished(FetchRequest request, ToldMailbox told, Responder responder) {
        long since = request.getFetch().getChangedSince();
        if (!request.getFetch().getVanished()) {
            return Mono.empty();
        }
        return rows.expunged(told.getMailboxId(), since)
                .doOnNext(gone -> gone.map(it -> vanished(request, told, it, since))
                        .filter(ranges -> ranges.length > 0)
                        .ifPresent(ranges -> responder.respond(new VanishedResponse(ranges, true))))
                .then();
    }

    private static UidRange[] vanished(
            FetchRequest request, ToldMailbox told, OpenedMailboxes.Expunged gone, long since) {
        return since < gone.forgotten()
                ? told.absent(request.getIdSet())
                : told.vanished(request.getIdSet(), gone.uids());
    }

    /** What one command tells of the messages of one mailbox. */
    private final class Fetching {
        private final FetchData asked;
        private final ImapSession session;
        private final ToldMailbox told;
        private final MessageManager mailbox;
        private final Responder responder;
        private final @Nullable WritabilityGate gate;
        private final boolean uids;
        private final boolean setsSeen;
        private final AtomicBoolean damaged;

        /** @param damaged becomes true when a message could not be told because it is damaged; the others are told */
        Fetching(
                FetchData asked,
                ImapSession session,
                ToldMailbox told,
                MessageManager mailbox,
                Responder responder,
                AtomicBoolean damaged) {
            this.damaged = damaged;
            this.asked = asked;
            this.session = session;
            this.told = told;
            this.mailbox = mailbox;
            this.responder = responder;
            this.gate = WritabilityGate.of(session);
            this.uids = asked.contains(Item.UID) || CondStore.tellsUids(session); // RFC 7162 section 3.2.3
            this.setsSeen = asked.isSetSeen() && !told.isReadOnly() && maySetSeen();
        }

        /** RFC 4314 section 4: without the right, reading leaves no trace. */
        private boolean maySetSeen() {
            try {
                return getMailboxManager()
                        .myRights(mailbox.getMailboxEntity(), session.getMailboxSession())
                        .contains(MailboxACL.Right.WriteSeenFlag);
            } catch (MailboxException e) {
                throw new IllegalStateException("rights are read out of the mailbox", e);
            }
        }

        Mono<Void> of(MessageRange range) {
            if (asked.isOnlyFlags() && !setsSeen) {
                return Flux.from(mailbox.listMessagesMetadata(range, session.getMailboxSession()))
                        .filter(each -> isChanged(each.getModSeq()))
                        .doOnNext(each -> number(each.getComposedMessageId().getUid())
                                .ifPresent(number -> respond(response(
                                        number,
                                        each.getComposedMessageId().getUid(),
                                        flags(
                                                each.getFlags(),
                                                each.getComposedMessageId().getUid(),
                                                false),
                                        each.getModSeq()))))
                        .then();
            }
            return Flux.from(mailbox.getMessagesReactive(range, wanted(), session.getMailboxSession()))
                    .filter(each -> isChanged(each.getModSeq()))
                    .concatMap(
                            each -> number(each.getUid())
                                    .map(number -> of(number, each))
                                    .orElse(Mono.empty()),
                            1)
                    .then();
        }

        private boolean isChanged(ModSeq modSeq) {
            return modSeq.asLong() > asked.getChangedSince();
        }

        private Optional<MessageSequenceNumber> number(MessageUid uid) {
            return told.msn(uid).foldSilent(Optional::empty, Optional::of);
        }

        private Mono<Void> of(MessageSequenceNumber number, MessageResult message) {
            boolean becomesSeen = setsSeen && !message.getFlags().contains(Flags.Flag.SEEN);
            Mono<Void> seen = becomesSeen
                    ? Mono.from(mailbox.setFlagsReactive(
                                    new Flags(Flags.Flag.SEEN),
                                    MessageManager.FlagsUpdateMode.ADD,
                                    MessageRange.one(message.getUid()),
                                    session.getMailboxSession()))
                            .then()
                    : Mono.empty();
            return seen.then(Mono.fromRunnable(() -> respond(number, message, becomesSeen)));
        }

        private void respond(MessageSequenceNumber number, MessageResult message, boolean becomesSeen) {
            try {
                respond(response(number, message, becomesSeen));
            } catch (IOException | MailboxException | CorruptBlob e) {
                if (Trouble.of(e) != Trouble.DAMAGED) {
                    throw new IllegalStateException(
                            "message " + message.getMessageId().serialize() + " could not be read", e);
                }
                LOG.error(
                        "event=imap-message-damaged message={}",
                        message.getMessageId().serialize(),
                        e);
                damaged.set(true);
            }
        }

        private void respond(FetchResponse response) {
            responder.respond(response);
            if (gate != null) {
                gate.await();
            }
        }

        /** As much of the messages as is asked for. */
        private FetchGroup wanted() {
            boolean structure = asked.contains(Item.BODY) || asked.contains(Item.BODY_STRUCTURE);
            if (structure || !asked.getBodyElements().stream().allMatch(Fetching.this::isOfHeader)) {
                return FetchGroup.FULL_CONTENT;
            }
            return asked.contains(Item.ENVELOPE) || !asked.getBodyElements().isEmpty()
                    ? FetchGroup.HEADERS
                    : FetchGroup.MINIMAL;
        }

        private boolean isOfHeader(BodyFetchElement each) {
            boolean whole = each.getPath() == null || each.getPath().length == 0;
            return whole && each.getSectionType() != SectionType.CONTENT && each.getSectionType() != SectionType.TEXT;
        }

        private @Nullable Flags flags(Flags flags, MessageUid uid, boolean becomesSeen) {
            if (!asked.contains(Item.FLAGS) && !becomesSeen) {
                return null;
            }
            Flags all = new Flags(flags);
            if (becomesSeen) {
                all.add(Flags.Flag.SEEN);
            }
            if (told.isRecent(uid)) {
                all.add(Flags.Flag.RECENT);
            }
            return all;
        }

        @SuppressWarnings({"NullAway", "NullOptional"}) // James leaves out what is null
        private FetchResponse response(
                MessageSequenceNumber number, MessageUid uid, @Nullable Flags flags, ModSeq modSeq) {
            return new FetchResponse(
                    number,
                    flags,
                    uids ? uid : null,
                    null,
                    asked.contains(Item.MODSEQ) ? modSeq : null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    List.of(),
                    null,
                    null);
        }

        @SuppressWarnings({"NullAway", "NullOptional"}) // James leaves out what is null
        private FetchResponse response(MessageSequenceNumber number, MessageResult message, boolean becomesSeen)
                throws IOException, MailboxException {
            FetchedMessage content = new FetchedMessage(message);
            return new FetchResponse(
                    number,
                    flags(message.getFlags(), message.getUid(), becomesSeen),
                    uids ? message.getUid() : null,
                    asked.contains(Item.SAVEDATE) ? message.getSaveDate() : null,
                    asked.contains(Item.MODSEQ) ? message.getModSeq() : null,
                    asked.contains(Item.INTERNAL_DATE) ? message.getInternalDate() : null,
                    asked.contains(Item.SIZE) ? message.getSize() : null,
                    asked.contains(Item.ENVELOPE) ? content.envelope() : null,
                    asked.contains(Item.BODY) ? content.structure() : null,
                    asked.contains(Item.BODY_STRUCTURE) ? content.structure() : null,
                    content.sections(asked.getBodyElements()),
                    asked.contains(Item.EMAILID) ? message.getMessageId() : null,
                    asked.contains(Item.THREADID) ? message.getThreadId() : null);
        }
    }

    @Override
    protected MDCBuilder mdc(FetchRequest request) {
        return MDCBuilder.create()
                .addToContext(MDCBuilder.ACTION, "FETCH")
                .addToContext("fetchedData", request.getFetch().toString());
    }
}
