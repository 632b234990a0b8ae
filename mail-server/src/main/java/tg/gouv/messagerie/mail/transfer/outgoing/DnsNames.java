package tg.gouv.messagerie.mail.transfer.outgoing;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import org.xbill.DNS.lookup.NoSuchDomainException;
import org.xbill.DNS.lookup.NoSuchRRSetException;

/** The DNS as this machine is set up to ask it, with a cache that obeys the records' times. */
public final class DnsNames implements Names {
    private static final Duration WAIT_MAX = Duration.ofSeconds(30);

    private final Supplier<LookupSession> session;

    /** The resolvers of this machine; how it is set up is read when it is first asked. */
    public DnsNames() {
        this(() -> OfThisMachine.SESSION);
    }

    DnsNames(Supplier<LookupSession> session) {
        this.session = session;
    }

    private static final class OfThisMachine {
        private static final LookupSession SESSION =
                LookupSession.defaultBuilder().build();
    }

    @Override
    public Answer<Mx> mx(String domain) {
        return asked(domain, Type.MX, record -> {
            MXRecord mx = (MXRecord) record;
            boolean nobody = mx.getTarget().equals(Name.root); // RFC 7505 section 3
            return new Mx(mx.getPriority(), nobody ? "" : mx.getTarget().toString(true));
        });
    }

    @Override
    public Answer<InetAddress> addresses(String host) {
        Answer<InetAddress> six = asked(host, Type.AAAA, record -> ((AAAARecord) record).getAddress());
        Answer<InetAddress> four = asked(host, Type.A, record -> ((ARecord) record).getAddress());
        List<InetAddress> both = new ArrayList<>();
        if (six instanceof Answer.Found<InetAddress> found) {
            both.addAll(found.records());
        }
        if (four instanceof Answer.Found<InetAddress> found) {
            both.addAll(found.records());
        }
        if (!both.isEmpty()) {
            return new Answer.Found<>(both);
        }
        return six instanceof Answer.Unknown<InetAddress> ? six : four;
    }

    private <T> Answer<T> asked(String name, int type, Function<org.xbill.DNS.Record, T> read) {
        try {
            Name absolute = Name.fromString(name, Name.root);
            List<T> records = session
                    .get()
                    .lookupAsync(absolute, type, DClass.IN)
                    .toCompletableFuture()
                    .get(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)
                    .getRecords()
                    .stream()
                    .map(read)
                    .toList();
            return records.isEmpty() ? new Answer.None<>(true) : new Answer.Found<>(records);
        } catch (TextParseException _) {
            return new Answer.None<>(false); // no name at all
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case NoSuchDomainException _ -> new Answer.None<>(false);
                case NoSuchRRSetException _ -> new Answer.None<>(true);
                case null, default -> new Answer.Unknown<>(String.valueOf(e.getCause()));
            };
        } catch (TimeoutException _) {
            return new Answer.Unknown<>("no answer within " + WAIT_MAX.toSeconds() + " s");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new Answer.Unknown<>("broken off");
        }
    }
}
