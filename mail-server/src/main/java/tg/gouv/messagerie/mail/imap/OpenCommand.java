package tg.gouv.messagerie.mail.imap;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.inject.Inject;
import javax.mail.Flags;
import org.apache.james.imap.api.ImapConstants;
import org.apache.james.imap.api.ImapMessage;
import org.apache.james.imap.api.display.HumanReadableText;
import org.apache.james.imap.api.message.Capability;
import org.apache.james.imap.api.message.IdRange;
import org.apache.james.imap.api.message.UidRange;
import org.apache.james.imap.api.message.response.StatusResponse.ResponseCode;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.api.process.SearchResUtil;
import org.apache.james.imap.main.PathConverter;
import org.apache.james.imap.message.request.AbstractMailboxSelectionRequest;
import org.apache.james.imap.message.request.ExamineRequest;
import org.apache.james.imap.message.request.SelectRequest;
import org.apache.james.imap.message.response.ExistsResponse;
import org.apache.james.imap.message.response.RecentResponse;
import org.apache.james.imap.message.response.VanishedResponse;
import org.apache.james.imap.processor.AbstractMailboxProcessor;
import org.apache.james.imap.processor.EnableProcessor;
import org.apache.james.imap.processor.PermitEnableCapabilityProcessor;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.mailbox.MailboxSession;
import org.apache.james.mailbox.MessageManager;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.ModSeq;
import org.apache.james.mailbox.exception.MailboxException;
import org.apache.james.mailbox.exception.MailboxNotFoundException;
import org.apache.james.mailbox.model.MailboxACL;
import org.apache.james.mailbox.model.MailboxPath;
import org.apache.james.mailbox.model.UidValidity;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.util.MDCBuilder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.mail.postgres.OpenedMailboxes;
import tg.gouv.messagerie.mail.postgres.OpenedMailboxes.Changed;
import tg.gouv.messagerie.mail.postgres.OpenedMailboxes.Look;
import tg.gouv.messagerie.mail.postgres.OpenedMailboxes.Opened;

/*
 * What SELECT says is one snapshot of the mailbox, and the ToldMailbox begins with it. A client that synchronizes quickly (RFC 7162
 * section 3.2.5) is told what went out of the log of what was expunged; where the log was forgotten, or as far as
 * the client's own list of UIDs goes, out of what is still there.
 */
/** SELECT and EXAMINE (RFC 9051 section 6.3.2), with CONDSTORE and QRESYNC (RFC 7162). */
public abstract class OpenCommand<R extends AbstractMailboxSelectionRequest> extends AbstractMailboxProcessor<R>
        implements PermitEnableCapabilityProcessor {
    private static final Logger log = LoggerFactory.getLogger(OpenCommand.class);

    private static final List<Capability> CAPABILITIES =
            List.of(ImapConstants.SUPPORTS_QRESYNC, ImapConstants.SUPPORTS_CONDSTORE);

    private final OpenedMailboxes rows;
    private final boolean examine;

    private OpenCommand(
            Class<R> request,
            boolean examine,
            OpenedMailboxes rows,
            MailboxManager mailboxes,
            StatusResponseFactory responses,
            MetricFactory metrics) {
        super(request, mailboxes, responses, metrics);
        this.rows = rows;
        this.examine = examine;
    }

    /** SELECT. */
    public static final class Select extends OpenCommand<SelectRequest> {
        /** SELECT over these mailboxes. */
        @Inject
        public Select(
                OpenedMailboxes rows,
                MailboxManager mailboxes,
                StatusResponseFactory responses,
                MetricFactory metrics) {
            super(SelectRequest.class, false, rows, mailboxes, responses, metrics);
        }
    }

    /** EXAMINE. */
    public static final class Examine extends OpenCommand<ExamineRequest> {
        /** EXAMINE over these mailboxes. */
        @Inject
        public Examine(
                OpenedMailboxes rows,
                MailboxManager mailboxes,
                StatusResponseFactory responses,
                MetricFactory metrics) {
            super(ExamineRequest.class, true, rows, mailboxes, responses, metrics);
        }
    }

    @Override
    protected Mono<Void> processRequestReactive(R request, ImapSession session, Responder responder) {
        boolean quick = !request.getLastKnownUidValidity().isUnknown();
        if (quick && !isEnabled(session, ImapConstants.SUPPORTS_QRESYNC)) {
            taggedBad(request, responder, HumanReadableText.QRESYNC_NOT_ENABLED); // RFC 7162 section 3.2.5
            return Mono.empty();
        }
        MailboxPath path = PathConverter.forSession(session).buildFullPath(request.getMailboxName());
        return closed(session, responder)
                .then(Mono.defer(
                        () -> Mono.from(getMailboxManager().getMailboxReactive(path, session.getMailboxSession()))))
                .flatMap(messages -> open(request, session, responder, messages))
                .onErrorResume(MailboxNotFoundException.class, _ -> {
                    no(request, responder, HumanReadableText.FAILURE_NO_SUCH_MAILBOX);
                    return Mono.empty();
                })
                .onErrorResume(MailboxException.class, failure -> {
                    log.error(
                            "event=imap_select_failed session={}",
                            session.sessionId().asString(),
                            failure);
                    no(request, responder, HumanReadableText.SELECT);
                    return Mono.empty();
                });
    }

    /** RFC 9051 section 6.3.2: what was selected is not any more, whatever comes of this. */
    private static Mono<Void> closed(ImapSession session, Responder responder) {
        if (session.getSelected() == null) {
            return Mono.empty();
        }
        if (isEnabled(session, ImapConstants.SUPPORTS_QRESYNC)) {
            responder.respond(ImapAnswer.CLOSED.ok(ResponseCode.closed())); // RFC 7162 section 3.2.11
        }
        return session.deselect();
    }

    private Mono<Void> open(R request, ImapSession session, Responder responder, MessageManager messages) {
        MailboxSession user = session.getMailboxSession();
        try {
            if (!getMailboxManager().hasRight(messages.getMailboxEntity(), MailboxACL.Right.Read, user)) {
                responder.respond(ImapAnswer.NOT_PERMITTED.no(request.getTag())); // RFC 4314 section 4
                return Mono.empty();
            }
            boolean readOnly = examine || !changesAnything(messages, user);
            return rows.open(messages.getId(), !readOnly)
                    .flatMap(opened -> opened.map(it -> select(request, session, responder, messages, it, readOnly))
                            .orElseGet(() -> Mono.error(() -> new MailboxNotFoundException(messages.getId()))));
        } catch (MailboxException e) {
            return Mono.error(e);
        }
    }

    /** RFC 4314 section 4: with one of these rights a mailbox is opened READ-WRITE. */
    private boolean changesAnything(MessageManager messages, MailboxSession user) throws MailboxException {
        MailboxACL.Rfc4314Rights mine = getMailboxManager().myRights(messages.getMailboxEntity(), user);
        return Stream.of(
                        MailboxACL.Right.Insert,
                        MailboxACL.Right.PerformExpunge,
                        MailboxACL.Right.DeleteMessages,
                        MailboxACL.Right.Write,
                        MailboxACL.Right.WriteSeenFlag)
                .anyMatch(mine::contains);
    }

    private Mono<Void> select(
            R request,
            ImapSession session,
            Responder responder,
            MessageManager messages,
            Opened opened,
            boolean readOnly) {
        ToldMailbox told = new ToldMailbox(rows, getMailboxManager(), messages, session, opened, readOnly);
        return session.selected(told)
                .then(Mono.fromRunnable(() -> say(request, session, responder, told, opened)))
                .then(Mono.defer(() -> resynchronized(request, responder, told, opened)))
                .then(Mono.fromRunnable(() -> {
                    SearchResUtil.resetSavedSequenceSet(session); // RFC 5182 section 2.1
                    responder.respond(getStatusResponseFactory()
                            .taggedOk(
                                    request.getTag(),
                                    request.getCommand(),
                                    HumanReadableText.SELECT,
                                    readOnly ? ResponseCode.readOnly() : ResponseCode.readWrite()));
                }));
    }

    private void say(R request, ImapSession session, Responder responder, ToldMailbox told, Opened opened) {
        responder.respond(told.flagsResponse());
        responder.respond(new ExistsResponse(told.existsCount()));
        responder.respond(new RecentResponse(told.recentCount()));
        if (opened.firstUnseen() > 0) {
            told.msn(MessageUid.of(opened.firstUnseen()))
                    .ifPresent(number -> ok(responder, HumanReadableText.unseen(number), ResponseCode.unseen(number)));
        }
        responder.respond(told.permanentFlags());
        ok(responder, HumanReadableText.OK, ResponseCode.mailboxId(told.getMailboxId())); // RFC 8474 section 4.2
        ok(responder, HumanReadableText.UID_VALIDITY, ResponseCode.uidValidity(UidValidity.of(opened.uidValidity())));
        ok(responder, HumanReadableText.UIDNEXT, ResponseCode.uidNext(MessageUid.of(opened.lastUid() + 1)));
        ok(responder, HumanReadableText.HIGHEST_MOD_SEQ, ResponseCode.highestModSeq(ModSeq.of(opened.highestModSeq())));
        if (request.getCondstore()) {
            EnableProcessor.getEnabledCapabilities(session).add(ImapConstants.SUPPORTS_CONDSTORE);
        }
    }

    private void ok(Responder responder, HumanReadableText text, ResponseCode code) {
        responder.respond(getStatusResponseFactory().untaggedOk(text, code));
    }

    // RFC 7162 section 3.2.5

    private Mono<Void> resynchronized(R request, Responder responder, ToldMailbox told, Opened opened) {
        Long known = request.getKnownModSeq();
        if (known == null
                || !request.getLastKnownUidValidity().correspondsTo(UidValidity.of(opened.uidValidity()))
                || opened.lastUid() == 0) {
            return Mono.empty();
        }
        Wanted wanted = Wanted.of(request.getUidSet(), opened.lastUid())
                .above(knownUpTo(request.getKnownSequenceSet(), request.getKnownUidSet(), told));
        return rows.look(told.getMailboxId(), known)
                .doOnNext(look -> look.ifPresent(it -> {
                    long[] gone = known < opened.forgotten() ? wanted.without(opened.uids()) : wanted.of(it.expunged());
                    if (gone.length > 0) {
                        responder.respond(new VanishedResponse(ToldMailbox.Uids.ranges(gone), true));
                    }
                    changed(it, opened, Wanted.of(request.getUidSet(), opened.lastUid()), told, responder);
                }))
                .then();
    }

    private static void changed(Look look, Opened opened, Wanted wanted, ToldMailbox told, Responder responder) {
        for (Changed each : look.changed()) {
            MessageUid uid = MessageUid.of(each.uid());
            if (each.modSeq() <= opened.highestModSeq() && wanted.contains(each.uid())) { // else it is told later
                told.msn(uid).ifPresent(number -> {
                    Flags flags = new Flags(each.flags());
                    if (told.isRecent(uid)) {
                        flags.add(Flags.Flag.RECENT);
                    }
                    responder.respond(ToldMailbox.Fetched.flags(number, uid, flags, ModSeq.of(each.modSeq())));
                });
            }
        }
    }

    /** Up to which UID the client knows already what went: as far as its numbers are ours (RFC 7162 section 3.2.5.2). */
    private static long knownUpTo(IdRange[] numbers, UidRange[] uids, ToldMailbox told) {
        if (numbers == null || uids == null) {
            return 0;
        }
        long[] flatNumbers = Arrays.stream(numbers)
                .flatMapToLong(each ->
                        LongStream.rangeClosed(each.getLowVal(), Math.min(each.getHighVal(), told.existsCount())))
                .toArray();
        long upTo = 0;
        int i = 0;
        for (UidRange range : uids) {
            for (long uid = range.getLowVal().asLong();
                    uid <= range.getHighVal().asLong() && i < flatNumbers.length;
                    uid++, i++) {
                Optional<MessageUid> ours = told.uid((int) flatNumbers[i]);
                if (ours.isEmpty() || ours.get().asLong() != uid) {
                    return upTo;
                }
                upTo = uid;
            }
        }
        return upTo;
    }

    /** Which UIDs a client wants to be told of. */
    private record Wanted(List<UidRange> ranges, long lastUid, long above) {
        static Wanted of(UidRange[] asked, long lastUid) {
            return new Wanted(
                    asked == null
                            ? List.of(new UidRange(MessageUid.MIN_VALUE, MessageUid.of(lastUid)))
                            : List.of(asked),
                    lastUid,
                    0);
        }

        Wanted above(long uid) {
            return new Wanted(ranges, lastUid, uid);
        }

        boolean contains(long uid) {
            return uid > above
                    && uid <= lastUid
                    && ranges.stream()
                            .anyMatch(each -> each.getLowVal().asLong() <= uid
                                    && uid <= each.getHighVal().asLong());
        }

        long[] of(List<Long> uids) {
            return uids.stream()
                    .mapToLong(Long::longValue)
                    .filter(this::contains)
                    .toArray();
        }

        long[] without(long[] there) {
            Set<Long> all = new HashSet<>();
            LongStream.of(there).forEach(all::add);
            return ranges.stream()
                    .flatMapToLong(each -> LongStream.rangeClosed(
                            Math.max(above + 1, each.getLowVal().asLong()),
                            Math.min(lastUid, each.getHighVal().asLong())))
                    .filter(uid -> !all.contains(uid))
                    .sorted()
                    .distinct()
                    .toArray();
        }
    }

    private static boolean isEnabled(ImapSession session, Capability capability) {
        return EnableProcessor.getEnabledCapabilities(session).contains(capability);
    }

    @Override
    public List<Capability> getImplementedCapabilities(ImapSession session) {
        return CAPABILITIES;
    }

    @Override
    public List<Capability> getPermitEnableCapabilities(ImapSession session) {
        return CAPABILITIES;
    }

    /** RFC 7162 section 3.1: who enables it with a mailbox selected is told its HIGHESTMODSEQ. */
    @Override
    public Mono<Void> enable(ImapMessage message, Responder responder, ImapSession session, Capability capability) {
        return Mono.fromRunnable(() -> CondStore.enable(session, responder));
    }

    @Override
    protected MDCBuilder mdc(R request) {
        return MDCBuilder.create()
                .addToContext(MDCBuilder.ACTION, examine ? "EXAMINE" : "SELECT")
                .addToContext("mailbox", request.getMailboxName());
    }
}
