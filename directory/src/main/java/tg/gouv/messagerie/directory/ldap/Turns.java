package tg.gouv.messagerie.directory.ldap;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.apache.directory.api.ldap.model.exception.ResponseCarryingMessageException;
import org.apache.directory.api.ldap.model.message.AbandonRequest;
import org.apache.directory.api.ldap.model.message.LdapResult;
import org.apache.directory.api.ldap.model.message.ResultResponse;
import org.apache.directory.api.ldap.model.message.extended.NoticeOfDisconnect;
import org.apache.mina.core.filterchain.IoFilterAdapter;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.codec.ProtocolDecoderException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A connection's requests are worked on one after the other, on a virtual thread that lives while there are some: what follows a bind
 * knows of it, and no event loop waits for PostgreSQL. Who sends many is read no more until a part of them is answered.
 */
/** One request of a connection at a time. */
final class Turns extends IoFilterAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);
    private static final String TURN = "messagerie.turn";
    private static final int WAITING_MAX = 32;

    @Override
    public void sessionCreated(NextFilter next, IoSession session) throws Exception {
        session.setAttribute(TURN, new Turn());
        next.sessionCreated(session);
    }

    @Override
    public void messageReceived(NextFilter next, IoSession session, Object message) throws Exception {
        if (message instanceof AbandonRequest || !(session.getAttribute(TURN) instanceof Turn turn)) {
            next.messageReceived(session, message); // what it is about may be what is worked on
            return;
        }
        if (turn.add(new Waiting(next, message), session)) {
            Thread.ofVirtual().name("ldap-" + session.getId()).start(() -> work(turn, session));
        }
    }

    /** ApacheDS would log the request, octet by octet, and with it a password that came broken. */
    @Override
    public void exceptionCaught(NextFilter next, IoSession session, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        if (cause instanceof ResponseCarryingMessageException carrying
                && carrying.getResponse() instanceof ResultResponse response) { // a name that is none, and the like
            LdapResult result = response.getLdapResult();
            result.setDiagnosticMessage(result.getResultCode().getMessage());
            session.write(response);
            return;
        }
        if (failure instanceof IOException) { // it went away
            session.closeNow();
        } else if (failure instanceof ProtocolDecoderException) { // RFC 4511 section 5.3
            LOG.info("event=ldap-undecodable session={}", session.getId());
            session.write(NoticeOfDisconnect.PROTOCOLERROR);
            session.closeOnFlush();
        } else {
            LOG.error("event=ldap-connection-failed session={}", session.getId(), failure);
            session.closeNow();
        }
    }

    /** Whether the client has sent something that nobody has begun to work on, or a part of it. */
    static boolean isMore(IoSession session) {
        boolean waits = session.getAttribute(TURN) instanceof Turn turn && turn.isMore();
        return waits || Guard.isWithin(session);
    }

    /** Whether a request of the client is worked on: it is we who are silent then. */
    static boolean isWorking(IoSession session) {
        return session.getAttribute(TURN) instanceof Turn turn && turn.isWorking();
    }

    private static void work(Turn turn, IoSession session) {
        for (Waiting each = turn.take(session); each != null; each = turn.take(session)) {
            if (session.isClosing()) {
                continue;
            }
            try {
                each.next().messageReceived(session, each.message());
            } catch (Throwable failure) { // this connection's alone
                LOG.error("event=ldap-request-failed", failure);
                session.closeNow();
            }
        }
    }

    private record Waiting(NextFilter next, Object message) {}

    private static final class Turn {
        private final Queue<Waiting> waiting = new ArrayDeque<>();
        private boolean working;

        /** Adds a request; true if somebody must begin to work. */
        synchronized boolean add(Waiting request, IoSession session) {
            waiting.add(request);
            if (waiting.size() >= WAITING_MAX) {
                session.suspendRead();
            }
            boolean begin = !working;
            working = true;
            return begin;
        }

        synchronized boolean isWorking() {
            return working;
        }

        synchronized boolean isMore() {
            return !waiting.isEmpty();
        }

        synchronized @Nullable Waiting take(IoSession session) {
            Waiting next = waiting.poll();
            if (next == null) {
                working = false;
            } else if (waiting.size() < WAITING_MAX / 2 && session.isReadSuspended()) {
                session.resumeRead();
            }
            return next;
        }
    }
}
