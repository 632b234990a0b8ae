package tg.gouv.messagerie.mail.imap;

import java.util.Arrays;
import java.util.Set;
import org.apache.james.imap.api.ImapConfiguration;
import org.apache.james.imap.api.ImapMessage;
import org.apache.james.imap.api.message.FetchData;
import org.apache.james.imap.api.process.ImapProcessor;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.message.request.AbstractImapRequest;
import org.apache.james.imap.message.request.CapabilityRequest;
import org.apache.james.imap.message.request.CheckRequest;
import org.apache.james.imap.message.request.CloseRequest;
import org.apache.james.imap.message.request.CompressRequest;
import org.apache.james.imap.message.request.EnableRequest;
import org.apache.james.imap.message.request.ExamineRequest;
import org.apache.james.imap.message.request.ExpungeRequest;
import org.apache.james.imap.message.request.FetchRequest;
import org.apache.james.imap.message.request.GetACLRequest;
import org.apache.james.imap.message.request.GetMetadataRequest;
import org.apache.james.imap.message.request.GetQuotaRequest;
import org.apache.james.imap.message.request.GetQuotaRootRequest;
import org.apache.james.imap.message.request.IDRequest;
import org.apache.james.imap.message.request.IdleRequest;
import org.apache.james.imap.message.request.ListRequest;
import org.apache.james.imap.message.request.ListRightsRequest;
import org.apache.james.imap.message.request.LogoutRequest;
import org.apache.james.imap.message.request.LsubRequest;
import org.apache.james.imap.message.request.MoveRequest;
import org.apache.james.imap.message.request.MyRightsRequest;
import org.apache.james.imap.message.request.NamespaceRequest;
import org.apache.james.imap.message.request.NoopRequest;
import org.apache.james.imap.message.request.ReplaceRequest;
import org.apache.james.imap.message.request.SearchRequest;
import org.apache.james.imap.message.request.SelectRequest;
import org.apache.james.imap.message.request.StatusRequest;
import org.apache.james.imap.message.request.StoreRequest;
import org.apache.james.imap.message.request.UnselectRequest;
import org.apache.james.imap.message.request.XListRequest;
import reactor.core.publisher.Mono;

/**
 * What is opened to look at is not changed.
 *
 * <p>After EXAMINE nothing of the mailbox changes (RFC 9051 section 6.3.3): FETCH does not set {@code \\Seen}, CLOSE removes
 * nothing, STORE, EXPUNGE, MOVE and REPLACE are refused. James 3.8.1 knows EXAMINE only in its answer.
 *
 * <p>Who may only read a function mailbox opens everything so, SELECT included (section 6.3.2), and is refused every command that
 * is not known to only look.
 */
public final class ReadOnly implements ImapProcessor {
    private static final String READER = ReadOnly.class.getName() + ".reader";
    private static final String EXAMINED = ReadOnly.class.getName() + ".examined";

    private static final Set<Class<?>> LOOKING = Set.of(
            CapabilityRequest.class,
            CheckRequest.class,
            CompressRequest.class,
            CloseRequest.class,
            EnableRequest.class,
            ExamineRequest.class,
            FetchRequest.class,
            GetACLRequest.class,
            GetMetadataRequest.class,
            GetQuotaRequest.class,
            GetQuotaRootRequest.class,
            IDRequest.class,
            IdleRequest.class,
            ListRequest.class,
            ListRightsRequest.class,
            LogoutRequest.class,
            LsubRequest.class,
            MyRightsRequest.class,
            NamespaceRequest.class,
            NoopRequest.class,
            SearchRequest.class,
            SelectRequest.class,
            StatusRequest.class,
            UnselectRequest.class,
            XListRequest.class);

    private static final Set<Class<?>> CHANGING_THE_SELECTED =
            Set.of(StoreRequest.class, ExpungeRequest.class, MoveRequest.class, ReplaceRequest.class);

    private final ImapProcessor james;

    /** The same commands, where they may be given. */
    public ReadOnly(ImapProcessor james) {
        this.james = james;
    }

    /** From now on this session only reads. */
    static void bind(ImapSession session) {
        session.setAttribute(READER, true);
    }

    @Override
    public void configure(ImapConfiguration configuration) {
        james.configure(configuration);
    }

    @Override
    public Mono<Void> processReactive(ImapMessage message, Responder responder, ImapSession session) {
        boolean reader = session.getAttribute(READER) != null;
        switch (message) {
            case SelectRequest it when !reader -> session.setAttribute(EXAMINED, null);
            case SelectRequest _, ExamineRequest _ -> session.setAttribute(EXAMINED, true);
            default -> {
                // it opens nothing
            }
        }
        boolean examined = session.getAttribute(EXAMINED) != null;
        if (message instanceof AbstractImapRequest it
                && ((reader && !isLooking(it)) || (examined && CHANGING_THE_SELECTED.contains(it.getClass())))) {
            return Mono.fromRunnable(() -> responder.respond(ImapAnswer.READ_ONLY.no(it.getTag())));
        }
        return james.processReactive(examined ? looking(message) : message, responder, session);
    }

    private static boolean isLooking(AbstractImapRequest request) {
        return LOOKING.contains(request.getClass());
    }

    /** The same command, without what would change the mailbox. */
    private static ImapMessage looking(ImapMessage message) {
        return switch (message) {
            case SelectRequest it ->
                new ExamineRequest(
                        it.getMailboxName(),
                        it.getCondstore(),
                        it.getLastKnownUidValidity(),
                        it.getKnownModSeq(),
                        it.getUidSet(),
                        it.getKnownUidSet(),
                        it.getKnownSequenceSet(),
                        it.getTag());
            case CloseRequest it -> new UnselectRequest(it.getTag());
            case FetchRequest it
            when it.getFetch().isSetSeen() ->
                new FetchRequest(it.isUseUids(), it.getIdSet(), peeking(it.getFetch()), it.getTag());
            default -> message;
        };
    }

    private static FetchData peeking(FetchData asked) {
        FetchData.Builder peeked = FetchData.builder().vanished(asked.getVanished());
        Arrays.stream(FetchData.Item.values()).filter(asked::contains).forEach(peeked::fetch);
        if (asked.contains(FetchData.Item.MODSEQ) && asked.getChangedSince() >= 0) {
            peeked.changedSince(asked.getChangedSince());
        }
        asked.getBodyElements().forEach(element -> peeked.add(element, true));
        return peeked.build();
    }
}
