package tg.gouv.messagerie.mail.imap;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.invoke.VarHandle;
import java.util.Map;
import org.apache.james.imap.api.ImapConfiguration;
import org.apache.james.imap.api.ImapMessage;
import org.apache.james.imap.api.message.request.ImapRequest;
import org.apache.james.imap.api.process.ImapProcessor;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.processor.AbstractMailboxProcessor;
import org.apache.james.imap.processor.DefaultProcessor;
import org.apache.james.mailbox.MailboxManager;
import org.apache.james.metrics.api.MetricFactory;
import reactor.core.publisher.Mono;

/*
 * James 3.8.1 answers « NO processing failed » to every failure that a command does not know, in a final method
 * (AbstractMailboxProcessor.doProcess), so that nobody learns what failed. This does what that method does but for that, and asks the
 * command itself: by two doors of James that are not public. They are opened when the program starts, or it does not start.
 */
/** James's commands, whose failures reach who can tell the client what they are. */
public final class PlainFailures implements ImapProcessor {
    private static final VarHandle COMMANDS = commands();
    private static final MethodHandle PROCESS = process();

    private final DefaultProcessor james;
    private final MailboxManager mailboxes;
    private final MetricFactory metrics;
    private final Map<?, ?> commands;

    /** The same commands. */
    public PlainFailures(DefaultProcessor james, MailboxManager mailboxes, MetricFactory metrics) {
        this.james = james;
        this.mailboxes = mailboxes;
        this.metrics = metrics;
        this.commands = (Map<?, ?>) COMMANDS.get(james);
    }

    @Override
    public void configure(ImapConfiguration configuration) {
        james.configure(configuration);
    }

    @Override
    public Mono<Void> processReactive(ImapMessage message, Responder responder, ImapSession session) {
        if (commands.get(message.getClass()) instanceof AbstractMailboxProcessor<?> command
                && message instanceof ImapRequest request
                && request.getCommand().validForState(session.getState())) {
            return Mono.from(metrics.decoratePublisherWithTimerMetric(
                    AbstractMailboxProcessor.IMAP_PREFIX + request.getCommand().getName(),
                    mailboxes.manageProcessing(
                            Mono.defer(() -> process(command, request, session, responder)),
                            session.getMailboxSession())));
        }
        return james.processReactive(message, responder, session);
    }

    @SuppressWarnings("unchecked")
    private static Mono<Void> process(
            AbstractMailboxProcessor<?> command, ImapRequest request, ImapSession session, Responder responder) {
        try {
            return (Mono<Void>) PROCESS.invoke(command, request, session, responder);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            return Mono.error(e);
        }
    }

    private static VarHandle commands() {
        try {
            return MethodHandles.privateLookupIn(DefaultProcessor.class, MethodHandles.lookup())
                    .findVarHandle(DefaultProcessor.class, "processorMap", Map.class);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this is not the James that we know", e);
        }
    }

    private static MethodHandle process() {
        try {
            return MethodHandles.privateLookupIn(AbstractMailboxProcessor.class, MethodHandles.lookup())
                    .findVirtual(
                            AbstractMailboxProcessor.class,
                            "processRequestReactive",
                            MethodType.methodType(Mono.class, ImapRequest.class, ImapSession.class, Responder.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this is not the James that we know", e);
        }
    }
}
