package tg.gouv.messagerie.directory.ldap;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.mina.core.buffer.IoBuffer;
import org.apache.mina.core.filterchain.IoFilterAdapter;
import org.apache.mina.core.session.IdleStatus;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.core.write.WriteRequest;

/*
 * ApacheDS's decoder recurses without a bound and reads whatever length it is told; a StackOverflowError ends a thread of MINA for
 * good, and two dozen such requests end the server. So each octet passes here first, behind TLS and in front of the decoder.
 */
/** What comes in before it is decoded: not too deep, not too long, not too slow, not too many from one address. */
final class Guard extends IoFilterAdapter {
    private static final String TRACK = "messagerie.ber";
    private static final String COUNTED = "messagerie.counted";

    private final LdapSettings settings;
    private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();
    private final Map<Long, IoSession> open = new ConcurrentHashMap<>();
    private final Thread watch;

    Guard(LdapSettings settings) {
        this.settings = settings;
        this.watch = Thread.ofVirtual().name("ldap-guard").start(this::watch);
    }

    void close() {
        watch.interrupt();
    }

    /** Whether a part of a request has come. */
    static boolean isWithin(IoSession session) {
        return session.getAttribute(TRACK) instanceof BerTrack track && track.begun(System.nanoTime()) != 0;
    }

    /** How many are connected. */
    int connected() {
        return open.size();
    }

    @Override
    public void sessionCreated(NextFilter next, IoSession session) throws Exception {
        InetAddress address = new Client(session).address();
        session.setAttribute(COUNTED, address);
        session.setAttribute(TRACK, new BerTrack(settings.requestSizeMax().bytes(), System.nanoTime()));
        int here = byAddress.merge(address, 1, Integer::sum);
        open.put(session.getId(), session);
        boolean full = open.size() > settings.clientsMax();
        if ((full || here > settings.clientsPerAddressMax()) && !makeRoom(session, address, full)) {
            session.closeNow();
        }
        next.sessionCreated(session);
    }

    /**
     * Ends the oldest connection on which nobody has signed in, so that whoever opens many and says nothing keeps nobody out, not even
     * from the same address.
     *
     * @param anybodys whether one of any address, else of this one
     * @return whether there was one
     */
    private boolean makeRoom(IoSession newest, InetAddress address, boolean anybodys) {
        Optional<IoSession> oldest = open.values().stream()
                .filter(each -> each.getId() != newest.getId() && !each.isClosing())
                .filter(each -> anybodys || address.equals(each.getAttribute(COUNTED)))
                .filter(each -> new Client(each).who().isEmpty())
                .min(Comparator.comparingLong(IoSession::getId));
        oldest.ifPresent(IoSession::closeNow);
        return oldest.isPresent();
    }

    @Override
    public void sessionClosed(NextFilter next, IoSession session) throws Exception {
        open.remove(session.getId());
        new Client(session).signedOut();
        if (session.removeAttribute(COUNTED) instanceof InetAddress address) {
            byAddress.computeIfPresent(address, (_, count) -> count > 1 ? count - 1 : null);
        }
        next.sessionClosed(session);
    }

    @Override
    public void messageReceived(NextFilter next, IoSession session, Object message) throws Exception {
        if (message instanceof IoBuffer buffer
                && session.getAttribute(TRACK) instanceof BerTrack track
                && !track.accepts(buffer.duplicate())) {
            session.closeNow();
            return;
        }
        next.messageReceived(session, message);
    }

    @Override
    public void filterWrite(NextFilter next, IoSession session, WriteRequest request) throws Exception {
        if (session.getAttribute(TRACK) instanceof BerTrack track) {
            track.spoke();
        }
        next.filterWrite(session, request);
    }

    @Override
    public void sessionIdle(NextFilter next, IoSession session, IdleStatus status) {
        // looked after by the watch
    }

    private void watch() {
        long every = Math.max(50, Math.min(1_000, settings.patience().toMillis() / 4));
        try {
            while (true) {
                Thread.sleep(every);
                open.values().forEach(this::look);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(IoSession session) {
        if (!(session.getAttribute(TRACK) instanceof BerTrack track)) {
            return;
        }
        long now = System.nanoTime();
        long patience = settings.patience().toNanos();
        boolean known = new Client(session).who().isPresent();
        boolean silent = !Turns.isWorking(session)
                && track.silent(now) > (known ? settings.idleTimeout().toNanos() : patience);
        if (silent || track.begun(now) > patience) {
            session.closeNow();
        }
    }
}
