package client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A connection of LDAP over TLS (RFC 4511), one request after the other; as little work for the client's processor as there can be. */
public final class Ldap implements AutoCloseable {
    private static final int SILENCE_MILLIS = 60_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private int last;

    private Ldap(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        this.out = socket.getOutputStream();
    }

    /**
     * Connects.
     *
     * @param authority the certificate (PEM) by which the server's is checked
     */
    public static Ldap open(String host, int port, Path authority) throws IOException, GeneralSecurityException {
        Socket socket = Line.trusting(authority).getSocketFactory().createSocket(host, port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(SILENCE_MILLIS);
        return new Ldap(socket);
    }

    /** Connects to the demonstration and signs in. */
    public static Ldap signedIn(Sheet sheet, Sheet.Account account) throws IOException, GeneralSecurityException {
        Ldap ldap = open(sheet.host(), sheet.port("ldaps"), sheet.ca());
        int code = ldap.bind(account.dn(), account.password());
        if (code != 0) {
            ldap.close();
            throw new IOException("bind: " + code);
        }
        return ldap;
    }

    /** What a search answered: how many entries, the result code, and the cookie of the next page. */
    public record Found(int entries, int code, byte[] cookie) {}

    /** An entry, its values as octets. */
    public record Entry(String dn, Map<String, List<byte[]>> attributes) {}

    /** Who is told of each entry that a search finds. */
    @FunctionalInterface
    public interface Each {
        void found(Entry entry) throws IOException;
    }

    /** Signs in; returns the result code. */
    public int bind(String name, String password) throws IOException {
        return result(request(0x60, join(integer(3), octets(0x04, name), octets(0x80, password))));
    }

    /** Adds an entry; returns the result code. */
    public int add(String name, Map<String, List<String>> attributes) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Map.Entry<String, List<String>> each : attributes.entrySet()) {
            ByteArrayOutputStream values = new ByteArrayOutputStream();
            each.getValue().forEach(value -> values.writeBytes(octets(0x04, value)));
            all.writeBytes(tlv(0x30, join(octets(0x04, each.getKey()), tlv(0x31, values.toByteArray()))));
        }
        return result(request(0x68, join(octets(0x04, name), tlv(0x30, all.toByteArray()))));
    }

    /** Searches below a base, by a filter as RFC 4515 writes it, without nested negation. */
    public Found search(String base, String filter, int most, List<String> attributes) throws IOException {
        return search(base, filter, most, attributes, Optional.empty(), _ -> {});
    }

    /** Searches, one page if there is a cookie: empty for the first (RFC 2696). */
    public Found search(
            String base, String filter, int most, List<String> attributes, Optional<byte[]> cookie, Each each)
            throws IOException {
        ByteArrayOutputStream wanted = new ByteArrayOutputStream();
        attributes.forEach(name -> wanted.writeBytes(octets(0x04, name)));
        byte[] search = join(
                octets(0x04, base),
                tlv(0x0a, new byte[] {2}),
                tlv(0x0a, new byte[] {0}),
                integer(cookie.isPresent() ? 0 : most),
                integer(0),
                tlv(0x01, new byte[] {0}),
                new Filter(filter).read(),
                tlv(0x30, wanted.toByteArray()));
        int id = cookie.isPresent()
                ? send(tlv(0x63, search), tlv(0xa0, tlv(0x30, join(
                        octets(0x04, "1.2.840.113556.1.4.319"),
                        tlv(0x01, new byte[] {(byte) 0xff}),
                        tlv(0x04, tlv(0x30, join(integer(most), tlv(0x04, cookie.get()))))))))
                : send(tlv(0x63, search), new byte[0]);
        int entries = 0;
        while (true) {
            Reader message = message(id);
            int tag = message.tag();
            Reader body = message.inside();
            if (tag == 0x64) {
                entries++;
                if (cookie.isPresent()) {
                    each.found(entry(body));
                }
            } else if (tag == 0x65) {
                return new Found(entries, code(body), cookie.isPresent() ? next(message) : new byte[0]);
            }
        }
    }

    private static Entry entry(Reader body) {
        body.tag();
        String dn = new String(body.value(), UTF_8);
        Map<String, List<byte[]>> attributes = new LinkedHashMap<>();
        body.tag();
        for (Reader all = body.inside(); all.isMore(); ) {
            all.tag();
            Reader one = all.inside();
            one.tag();
            String name = new String(one.value(), UTF_8);
            one.tag();
            List<byte[]> values = new ArrayList<>();
            for (Reader set = one.inside(); set.isMore(); ) {
                set.tag();
                values.add(set.value());
            }
            attributes.put(name, values);
        }
        return new Entry(dn, attributes);
    }

    private static byte[] next(Reader message) {
        if (!message.isMore() || message.tag() != 0xa0) {
            return new byte[0];
        }
        Reader controls = message.inside();
        controls.tag();
        Reader control = controls.inside();
        byte[] value = new byte[0];
        while (control.isMore()) {
            control.tag();
            value = control.value();
        }
        Reader page = new Reader(value, 0, value.length);
        page.tag();
        Reader parts = page.inside();
        parts.tag();
        parts.value();
        parts.tag();
        return parts.value();
    }

    private int request(int tag, byte[] content) throws IOException {
        return send(tlv(tag, content), new byte[0]);
    }

    private int send(byte[] operation, byte[] controls) throws IOException {
        last++;
        out.write(tlv(0x30, join(integer(last), operation, controls)));
        out.flush();
        return last;
    }

    private int result(int id) throws IOException {
        Reader message = message(id);
        message.tag();
        return code(message.inside());
    }

    private static int code(Reader result) {
        result.tag();
        return result.value()[0];
    }

    private Reader message(int id) throws IOException {
        int tag = in.read();
        if (tag != 0x30) {
            throw new EOFException("closed, or no message: " + tag);
        }
        int length = in.read();
        if (length >= 0x80) {
            int octets = length & 0x7f;
            length = 0;
            for (int i = 0; i < octets; i++) {
                length = length << 8 | in.read();
            }
        }
        byte[] bytes = in.readNBytes(length);
        Reader message = new Reader(bytes, 0, bytes.length);
        message.tag();
        int answered = 0;
        for (byte each : message.value()) {
            answered = answered << 8 | (each & 0xff);
        }
        if (answered != id) {
            throw new IOException("an answer to request " + answered + ", where " + id + " was waited for");
        }
        return message;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static byte[] integer(int value) {
        return tlv(0x02, java.math.BigInteger.valueOf(value).toByteArray());
    }

    private static byte[] octets(int tag, String value) {
        return tlv(tag, value.getBytes(UTF_8));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] each : parts) {
            all.writeBytes(each);
        }
        return all.toByteArray();
    }

    private static byte[] tlv(int tag, byte[] content) {
        ByteArrayOutputStream all = new ByteArrayOutputStream(content.length + 6);
        all.write(tag);
        if (content.length < 0x80) {
            all.write(content.length);
        } else {
            all.write(0x83);
            all.write(content.length >> 16);
            all.write(content.length >> 8);
            all.write(content.length);
        }
        all.writeBytes(content);
        return all.toByteArray();
    }

    /** The elements of a message, one after the other. */
    private static final class Reader {
        private final byte[] bytes;
        private final int end;
        private int at;

        Reader(byte[] bytes, int from, int end) {
            this.bytes = bytes;
            this.at = from;
            this.end = end;
        }

        boolean isMore() {
            return at < end;
        }

        int tag() {
            return bytes[at++] & 0xff;
        }

        Reader inside() {
            int length = length();
            Reader inside = new Reader(bytes, at, at + length);
            at += length;
            return inside;
        }

        byte[] value() {
            int length = length();
            byte[] value = java.util.Arrays.copyOfRange(bytes, at, at + length);
            at += length;
            return value;
        }

        private int length() {
            int length = bytes[at++] & 0xff;
            if (length >= 0x80) {
                int octets = length & 0x7f;
                length = 0;
                for (int i = 0; i < octets; i++) {
                    length = length << 8 | (bytes[at++] & 0xff);
                }
            }
            return length;
        }
    }

    /** {@code (|(cn=*kof*)(mail=kof*))}: conjunctions, disjunctions, equality, parts and presence. */
    private static final class Filter {
        private final String text;
        private int at;

        Filter(String text) {
            this.text = text;
        }

        byte[] read() {
            at++; // the parenthesis
            byte[] filter;
            if (text.charAt(at) == '&' || text.charAt(at) == '|') {
                int tag = text.charAt(at++) == '&' ? 0xa0 : 0xa1;
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                while (text.charAt(at) == '(') {
                    all.writeBytes(read());
                }
                filter = tlv(tag, all.toByteArray());
            } else {
                int end = text.indexOf(')', at);
                String[] parts = text.substring(at, end).split("=", 2);
                at = end;
                filter = leaf(parts[0], parts[1]);
            }
            at++;
            return filter;
        }

        private static byte[] leaf(String attribute, String value) {
            if (value.equals("*")) {
                return octets(0x87, attribute);
            }
            if (value.indexOf('*') < 0) {
                return tlv(0xa3, join(octets(0x04, attribute), octets(0x04, value)));
            }
            String[] parts = value.split("\\*", -1);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < parts.length; i++) {
                if (!parts[i].isEmpty()) {
                    all.writeBytes(octets(i == 0 ? 0x80 : i == parts.length - 1 ? 0x82 : 0x81, parts[i]));
                }
            }
            return tlv(0xa4, join(octets(0x04, attribute), tlv(0x30, all.toByteArray())));
        }
    }
}
