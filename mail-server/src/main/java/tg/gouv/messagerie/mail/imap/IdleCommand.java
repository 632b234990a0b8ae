package tg.gouv.messagerie.mail.imap;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.inject.Inject;
import org.apache.james.imap.api.ImapConfiguration;
import org.apache.james.imap.api.ImapConstants;
import org.apache.james.imap.api.ImapSessionState;
import org.apache.james.imap.api.display.HumanReadableText;
import org.apache.james.imap.api.message.Capability;
import org.apache.james.imap.api.message.response.ImapResponseMessage;
import org.apache.james.imap.api.message.response.StatusResponseFactory;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.message.request.IdleRequest;
import org.apache.james.imap.message.response.ContinuationResponse;
import org.apache.james.imap.processor.AbstractMailboxProcessor;
import org.apache.james.imap.processor.CapabilityImplementingProcessor;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.metrics.api.MetricFactory;
import org.apache.james.util.MDCBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import tg.gouv.messagerie.mail.postgres.MailboxNews;

/*
 * Whoever is woken looks into the store on a thread that may block, and tells on the connection's event loop, where DONE is heard too:
 * so either the client is told before its DONE is answered, or it is not told and the look is forgotten, and the next command
 * looks again. An EXPUNGE between two commands would number messages that the client's next command does not mean.
 */
/** IDLE (RFC 9051 section 6.3.13): tells what happens to the selected mailbox when it happens. */
public final class IdleCommand extends AbstractMailboxProcessor<IdleRequest>
        implements CapabilityImplementingProcessor {
    private static final Logger log = LoggerFactory.getLogger(IdleCommand.class);

    private final MailboxNews news;
    private Duration heartbeat = Duration.ofMinutes(2);

    /** IDLE over these mailboxes. */
    @Inject
    public IdleCommand(
            MailboxNews news, MailboxManager mailboxes, StatusResponseFactory responses, MetricFactory metrics) {
        super(IdleRequest.class, mailboxes, responses, metrics);
        this.news = news;
    }

    @Override
    public void configure(ImapConfiguration configuration) {
        super.configure(configuration);
        heartbeat = configuration.idleTimeIntervalAsDuration();
    }

    @Override
    public List<Capability> getImplementedCapabilities(ImapSession session) {
        return List.of(ImapConstants.SUPPORTS_IDLE);
    }

    @Override
    protected Mono<Void> processRequestReactive(IdleRequest request, ImapSession session, Responder responder) {
        Idle idle = new Idle(
                request, session, responder, CommandBoundary.told(session).orElse(null));
        session.pushLineHandler((_, line) -> idle.line(line));
        responder.respond(new ContinuationResponse(HumanReadableText.IDLING));
        responder.flush();
        idle.begin();
        return Mono.empty();
    }

    @Override
    protected MDCBuilder mdc(IdleRequest request) {
        return MDCBuilder.create().addToContext(MDCBuilder.ACTION, "IDLE");
    }

    /** One IDLE until its DONE. */
    private final class Idle {
        private final IdleRequest request;
        private final ImapSession session;
        private final Responder responder;
        private final @Nullable ToldMailbox told;

        /** How many wake-ups came since the look that is going on began, that one included. */
        private final AtomicInteger wakeUps = new AtomicInteger();

        private volatile boolean ended;
        private volatile MailboxNews.@Nullable Watch watch;

        Idle(IdleRequest request, ImapSession session, Responder responder, @Nullable ToldMailbox told) {
            this.request = request;
            this.session = session;
            this.responder = responder;
            this.told = told;
        }

        void begin() {
            if (told != null) {
                watch = news.watch(told.getMailboxId(), told::seen, this::wake);
                if (ended || isOver()) {
                    end();
                }
                wake();
            }
            session.schedule(this::beat, heartbeat);
        }

        private boolean isOver() {
            return session.getState() == ImapSessionState.LOGOUT;
        }

        /** Address translators forget silent connections. */
        private void beat() {
            if (isOver()) {
                end();
            } else if (!ended) {
                responder.respond(getStatusResponseFactory().untaggedOk(HumanReadableText.HEARTBEAT));
                responder.flush();
                session.schedule(this::beat, heartbeat);
            }
        }

        private void wake() {
            if (isOver()) {
                end();
            } else if (told != null && wakeUps.getAndIncrement() == 0) {
                look(told);
            }
        }

        private void look(ToldMailbox mailbox) {
            int answered = wakeUps.get();
            mailbox.glance()
                    .subscribe(
                            glance -> session.schedule(() -> tell(mailbox, glance, answered), Duration.ZERO),
                            failure -> {
                                log.warn(
                                        "event=imap_look_failed session={}",
                                        session.sessionId().asString(),
                                        failure);
                                again(mailbox, answered); // if nobody wakes it again, the slow look does
                            });
        }

        /** On the event loop. */
        private void tell(ToldMailbox mailbox, ToldMailbox.Glance glance, int answered) {
            if (ended) {
                return;
            }
            Optional<List<ImapResponseMessage>> all = mailbox.tell(glance, true);
            if (all.isEmpty()) {
                end();
                responder.respond(ImapAnswer.MAILBOX_GONE.bye());
                responder.flush();
                session.logout().subscribe();
                CommandLines.end(session);
                return;
            }
            all.get().forEach(responder::respond);
            if (!all.get().isEmpty()) {
                responder.flush();
            }
            again(mailbox, answered);
        }

        private void again(ToldMailbox mailbox, int answered) {
            if (!ended && wakeUps.addAndGet(-answered) > 0) {
                look(mailbox);
            }
        }

        /** On the event loop. */
        void line(byte[] line) {
            end();
            session.popLineHandler();
            String text = new String(line, StandardCharsets.ISO_8859_1).strip();
            if (text.equalsIgnoreCase("DONE")) {
                okComplete(request, responder);
            } else {
                taggedBad(request, responder, HumanReadableText.INVALID_COMMAND);
            }
            responder.flush();
        }

        private void end() {
            ended = true;
            MailboxNews.Watch current = watch;
            if (current != null) {
                current.close();
            }
        }
    }
}
