package tg.gouv.messagerie.mail.imap;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.james.imap.api.ImapConfiguration;
import org.apache.james.imap.api.ImapMessage;
import org.apache.james.imap.api.Tag;
import org.apache.james.imap.api.message.Capability;
import org.apache.james.imap.api.message.IdRange;
import org.apache.james.imap.api.message.response.ImapResponseMessage;
import org.apache.james.imap.api.message.response.StatusResponse;
import org.apache.james.imap.api.process.ImapProcessor;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.message.request.AbstractImapRequest;
import org.apache.james.imap.message.request.AbstractMailboxSelectionRequest;
import org.apache.james.imap.message.request.AbstractMessageRangeRequest;
import org.apache.james.imap.message.request.CopyRequest;
import org.apache.james.imap.message.request.FetchRequest;
import org.apache.james.imap.message.request.IdleRequest;
import org.apache.james.imap.message.request.LogoutRequest;
import org.apache.james.imap.message.request.SearchRequest;
import org.apache.james.imap.message.request.StoreRequest;
import org.apache.james.imap.message.response.FetchResponse;
import org.apache.james.imap.message.response.ImmutableStatusResponse;
import org.apache.james.mailbox.model.UidValidity;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * At the end of each command, before its tagged answer, the client is told what happened to the mailbox that it selected: by itself,
 * by another session, on another node; and before a keyword is first used, that there is one.
 */
public final class CommandBoundary implements ImapProcessor {
    private static final Logger log = LoggerFactory.getLogger(CommandBoundary.class);

    private final ImapProcessor james;

    /** The same commands. */
    public CommandBoundary(ImapProcessor james) {
        this.james = james;
    }

    /** As James is set, but for CONDSTORE (RFC 7162), of which he is silent by default: QRESYNC needs it. */
    @Override
    public void configure(ImapConfiguration configuration) {
        ImapConfiguration.Builder builder = ImapConfiguration.builder()
                .enableIdle(configuration.isEnableIdle())
                .idleTimeInterval(configuration.getIdleTimeInterval())
                .idleTimeIntervalUnit(configuration.getIdleTimeIntervalUnit())
                .disabledCaps(configuration.getDisabledCaps().stream()
                        .map(Capability::asString)
                        .toArray(String[]::new))
                .maxQueueSize(configuration.getMaxQueueSize())
                .concurrentRequests(configuration.getConcurrentRequests())
                .isProvisionDefaultMailboxes(configuration.isProvisionDefaultMailboxes())
                .withCustomProperties(configuration.getCustomProperties())
                .isCondstoreEnable(true);
        configuration.getAppendLimit().ifPresent(builder::appendLimit);
        james.configure(builder.build());
    }

    @Override
    public Mono<Void> processReactive(ImapMessage message, Responder responder, ImapSession session) {
        if (!(message instanceof AbstractImapRequest request)
                || message instanceof IdleRequest
                || told(session).isEmpty()) {
            return james.processReactive(message, responder, session);
        }
        Answer answer = new Answer(request, responder, session);
        return Mono.defer(() -> james.processReactive(message, answer, session)).then(Mono.defer(answer::end));
    }

    /** The mailbox that a session selected. */
    static Optional<ToldMailbox> told(ImapSession session) {
        return session.getSelected() instanceof ToldMailbox told ? Optional.of(told) : Optional.empty();
    }

    /** What a command answers; its tagged response waits for its end. */
    private static final class Answer implements Responder {
        private final AbstractImapRequest request;
        private final Responder client;
        private final ImapSession session;
        private @Nullable ImapResponseMessage tagged;

        Answer(AbstractImapRequest request, Responder client, ImapSession session) {
            this.request = request;
            this.client = client;
            this.session = session;
        }

        @Override
        public void respond(ImapResponseMessage message) {
            switch (message) {
                case ImmutableStatusResponse status when status.getTag() != null -> tagged = copied(status);
                case FetchResponse fetch
                when fetch.getFlags() != null -> {
                    told(session)
                            .ifPresent(told -> told.announced(fetch.getFlags()).forEach(client::respond));
                    client.respond(fetch);
                }
                default -> client.respond(message);
            }
        }

        /** RFC 6851 section 4.3: MOVE says what became of the messages before it expunges them. */
        private ImapResponseMessage copied(ImmutableStatusResponse status) {
            if (!(request instanceof AbstractMessageRangeRequest range)
                    || status.getServerResponseType() != StatusResponse.Type.OK
                    || status.getResponseCode() == null) {
                return status;
            }
            StatusResponse.ResponseCode code = told(session)
                    .flatMap(told -> copied(status.getResponseCode(), range, told))
                    .orElse(null);
            if (code == null || range instanceof CopyRequest) {
                return withCode(status, status.getTag(), code);
            }
            client.respond(withCode(status, null, code));
            return withCode(status, status.getTag(), null);
        }

        /** RFC 4315 section 3: the UIDs of what was copied; James repeats what the client wrote, its numbers and its stars. */
        private static Optional<StatusResponse.ResponseCode> copied(
                StatusResponse.ResponseCode code, AbstractMessageRangeRequest range, ToldMailbox told) {
            if (!code.getCode().equals("COPYUID")) {
                return Optional.of(code);
            }
            IdRange[] sources = told.uids(range.getIdSet(), range.isUseUids());
            IdRange[] targets = ranges(List.copyOf(code.getParameters()).getLast());
            return size(sources) == 0 || size(sources) != size(targets) // some were expunged meanwhile
                    ? Optional.empty()
                    : Optional.of(
                            StatusResponse.ResponseCode.copyUid(UidValidity.of(code.getNumber()), sources, targets));
        }

        private static IdRange[] ranges(String set) {
            return Stream.of(set.split(","))
                    .filter(range -> !range.isEmpty() && !range.equals("*")) // what James writes for none
                    .map(range -> range.split(":"))
                    .map(ends -> new IdRange(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1])))
                    .toArray(IdRange[]::new);
        }

        private static long size(IdRange[] set) {
            return Stream.of(set)
                    .mapToLong(range -> range.getHighVal() - range.getLowVal() + 1)
                    .sum();
        }

        private static ImmutableStatusResponse withCode(
                ImmutableStatusResponse status, @Nullable Tag tag, StatusResponse.@Nullable ResponseCode code) {
            return new ImmutableStatusResponse(
                    status.getServerResponseType(),
                    tag,
                    tag == null ? null : status.getCommand(),
                    status.getTextKey(),
                    code);
        }

        @Override
        public void flush() {
            client.flush();
        }

        Mono<Void> end() {
            ToldMailbox told = told(session).orElse(null);
            if (told == null
                    || tagged == null
                    || request instanceof AbstractMailboxSelectionRequest
                    || request instanceof LogoutRequest) {
                release();
                client.flush(); // after LOGOUT the connection ends
                return Mono.empty();
            }
            return told.glance()
                    .map(glance -> told.tell(glance, mayExpunge()))
                    .onErrorResume(Exception.class, failure -> {
                        // what the command did is done; the next one looks again
                        log.warn(
                                "event=imap_look_failed session={}",
                                session.sessionId().asString(),
                                failure);
                        return Mono.just(Optional.of(List.of()));
                    })
                    .flatMap(this::tell);
        }

        private Mono<Void> tell(Optional<List<ImapResponseMessage>> news) {
            if (news.isPresent()) {
                news.get().forEach(client::respond);
                release();
                return Mono.empty();
            }
            client.respond(ImapAnswer.MAILBOX_GONE.bye());
            release();
            client.flush();
            return session.logout();
        }

        private void release() {
            if (tagged != null) {
                client.respond(tagged);
            }
        }

        /** RFC 9051 section 7.5.1: not while sequence numbers are spoken of. */
        private boolean mayExpunge() {
            return switch (request) {
                case FetchRequest it -> it.isUseUids();
                case StoreRequest it -> it.isUseUids();
                case SearchRequest it -> it.isUseUids();
                default -> true;
            };
        }
    }
}
