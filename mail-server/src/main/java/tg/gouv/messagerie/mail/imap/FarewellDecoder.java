package tg.gouv.messagerie.mail.imap;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.apache.james.imap.api.ImapMessage;
import org.apache.james.imap.api.ImapSessionState;
import org.apache.james.imap.api.process.ImapSession;
import org.apache.james.imap.decode.ImapDecoder;
import org.apache.james.imap.decode.ImapRequestLineReader;
import reactor.core.publisher.Mono;

/**
 * Reads commands as James does, but says BYE before a connection ends: James 3.8.1 closes it after one unknown command before
 * sign-in and after nine behind it, and writes his farewell to what is closed already. Errors behind a sign-in are counted by
 * {@link EveryCommandAnswered}.
 */
public final class FarewellDecoder implements ImapDecoder {
    /** James's own name for it. */
    private static final String JAMES_COUNT = "INVALID_COMMAND_COUNT";

    private static final String ENDS = FarewellDecoder.class.getName();

    private final ImapDecoder james;

    /** The same commands. */
    public FarewellDecoder(ImapDecoder james) {
        this.james = james;
    }

    @Override
    public ImapMessage decode(ImapRequestLineReader request, ImapSession session) {
        session.setAttribute(JAMES_COUNT, 0);
        return james.decode(
                request, session.getState() == ImapSessionState.NON_AUTHENTICATED ? endedByOthers(session) : session);
    }

    /** Whether the connection ends with the answer that is being written. */
    static boolean ends(ImapSession session) {
        return session.getAttribute(ENDS) != null;
    }

    private static ImapSession endedByOthers(ImapSession session) {
        return (ImapSession) Proxy.newProxyInstance(
                ImapSession.class.getClassLoader(),
                new Class<?>[] {ImapSession.class},
                (_, method, arguments) -> call(session, method, arguments));
    }

    private static Object call(ImapSession session, Method method, Object[] arguments) throws Throwable {
        if (method.getName().equals("logout")) {
            session.setAttribute(ENDS, true);
            return Mono.empty();
        }
        try {
            return method.invoke(session, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
