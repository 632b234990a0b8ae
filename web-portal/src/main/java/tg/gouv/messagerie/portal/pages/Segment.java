package tg.gouv.messagerie.portal.pages;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/** One segment of a path: whatever a name holds, it is neither divided nor cut off (RFC 3986 section 3.3). */
public final class Segment {
    private Segment() {}

    /** The segment that stands for a name: an address, a code. */
    public static String of(Object name) {
        StringBuilder segment = new StringBuilder();
        for (byte octet : name.toString().getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(octet)) {
                segment.append((char) octet);
            } else {
                segment.append(String.format("%%%02X", octet));
            }
        }
        return segment.toString();
    }

    /** RFC 3986 section 2.3, and the one other character of a segment that addresses are easier to read with. */
    private static boolean isPlain(byte octet) {
        return (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || "-._~@".indexOf(octet) >= 0;
    }

    /** The name for which a segment stands: each escape is decoded once, and a plus sign is one. */
    static String name(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
