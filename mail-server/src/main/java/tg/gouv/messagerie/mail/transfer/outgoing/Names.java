package tg.gouv.messagerie.mail.transfer.outgoing;

import java.net.InetAddress;
import java.util.List;

/** What the DNS says. Any thread that may block may call. */
public interface Names {
    /** An answer of the DNS. */
    sealed interface Answer<T> {
        /** There are such records: one or more, of either family of addresses. */
        record Found<T>(List<T> records) implements Answer<T> {
            public Found {
                records = List.copyOf(records);
            }
        }

        /**
         * There are none.
         *
         * @param named whether the name exists, with other records
         */
        record None<T>(boolean named) implements Answer<T> {}

        /** It cannot be said now. */
        record Unknown<T>(String why) implements Answer<T> {}
    }

    /**
     * A server that takes a domain's mail.
     *
     * @param preference the lower, the sooner
     * @param host empty says that the domain takes no mail (RFC 7505)
     */
    record Mx(int preference, String host) {}

    /** The servers of a domain. */
    Answer<Mx> mx(String domain);

    /** The addresses of a host, IPv6 and IPv4. */
    Answer<InetAddress> addresses(String host);
}
