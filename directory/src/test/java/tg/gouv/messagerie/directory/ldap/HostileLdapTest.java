package tg.gouv.messagerie.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tg.gouv.messagerie.platform.settings.ByteSize;
import tg.gouv.messagerie.platform.settings.Endpoint;

/** What is sent by those who mean harm ends with their connection; the next honest client is answered at once. */
@Timeout(60)
class HostileLdapTest extends LdapTest {
    private final List<Socket> open = new ArrayList<>();

    @Override
    LdapSettings settings() {
        return new LdapSettings(
                Endpoint.parse("127.0.0.1:0"),
                Endpoint.parse("127.0.0.1:0"),
                Optional.empty(),
                4,
                4_000,
                500,
                ByteSize.parse("1MB"),
                Duration.ofSeconds(2),
                Duration.ofMinutes(15),
                Duration.ofSeconds(20),
                50,
                20);
    }

    @AfterEach
    void end() throws IOException {
        for (Socket each : open) {
            each.close();
        }
    }

    @Test
    void filtersTenThousandDeepEndTheirConnectionsOnly() throws Exception {
        byte[] deep = deepFilter(10_000);
        for (int i = 0; i < 24; i++) {
            send(socket(), deep);
        }
        for (Socket each : open) {
            assertEnded(each);
        }
        assertHonestIsAnsweredAtOnce();
    }

    @Test
    void aClaimedLengthOfTwoGigabytesIsNotWaitedFor() throws Exception {
        Socket claims = socket();
        send(claims, new byte[] {0x30, (byte) 0x84, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x02, 0x01});
        assertEnded(claims);
        Socket inside = socket(); // a short message that holds a long value
        send(inside, new byte[] {
            0x30, 0x0a, 0x02, 0x01, 0x01, 0x63, (byte) 0x84, 0x7f, (byte) 0xff, (byte) 0xff, (byte) 0xff
        });
        assertEnded(inside);
        Socket endless = socket(); // an indefinite length
        send(endless, new byte[] {0x30, (byte) 0x80, 0x02, 0x01, 0x01});
        assertEnded(endless);
        assertHonestIsAnsweredAtOnce();
    }

    @Test
    void whoIsSilentOrSlowIsNotWaitedForAndKeepsNobodyOut() throws Exception {
        for (int i = 0; i < 700; i++) {
            socket();
        }
        assertHonestIsAnsweredAtOnce();
        Socket slow = socket();
        for (byte each : new byte[] {0x30, 0x0c, 0x02, 0x01}) {
            send(slow, new byte[] {each});
            Thread.sleep(300);
        }
        assertEnded(slow);
        for (Socket each : open) {
            assertEnded(each);
        }
    }

    @Test
    void noiseIsNoRequest() throws Exception {
        Socket noise = socket();
        send(noise, "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertEnded(noise);
        Socket broken = socket();
        send(broken, new byte[] {0x30, 0x05, 0x02, 0x01, 0x01, 0x42, 0x7f});
        assertEnded(broken);
        assertHonestIsAnsweredAtOnce();
    }

    @Test
    void whatFollowsStartTlsInTheClearIsNotRead() throws Exception {
        byte[] startTls = {
            0x30,
            0x1d,
            0x02,
            0x01,
            0x01,
            0x77,
            0x18,
            (byte) 0x80,
            0x16,
            '1',
            '.',
            '3',
            '.',
            '6',
            '.',
            '1',
            '.',
            '4',
            '.',
            '1',
            '.',
            '1',
            '4',
            '6',
            '6',
            '.',
            '2',
            '0',
            '0',
            '3',
            '7'
        };
        byte[] rootDse = {
            0x30,
            0x25,
            0x02,
            0x01,
            0x02,
            0x63,
            0x20,
            0x04,
            0x00,
            0x0a,
            0x01,
            0x00,
            0x0a,
            0x01,
            0x00,
            0x02,
            0x01,
            0x00,
            0x02,
            0x01,
            0x00,
            0x01,
            0x01,
            0x00,
            (byte) 0x87,
            0x0b,
            'o',
            'b',
            'j',
            'e',
            'c',
            't',
            'c',
            'l',
            'a',
            's',
            's',
            0x30,
            0x00
        };
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.write(startTls);
        both.write(rootDse);
        Socket injector = socket();
        send(injector, both.toByteArray());
        assertEnded(injector);
        assertHonestIsAnsweredAtOnce();
    }

    private Socket socket() throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), ldap.ports().getOrDefault("ldap", 0));
        socket.setSoTimeout(20_000);
        open.add(socket);
        return socket;
    }

    private static void send(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            // it has ended already
        }
    }

    private static void assertEnded(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            while (in.read() >= 0) {
                // the notice of disconnection
            }
        } catch (java.net.SocketTimeoutException e) {
            throw new AssertionError("the connection is open still", e);
        } catch (IOException e) {
            // reset
        }
    }

    private void assertHonestIsAnsweredAtOnce() throws Exception {
        long began = System.nanoTime();
        assertThat(names(as(KOFI, SECRET), BASE, "(uid=kofi.mensah)")).containsExactly(KOFI);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    /** A search whose filter is (!(!(!…))). */
    private static byte[] deepFilter(int depth) throws IOException {
        byte[] filter = {(byte) 0x87, 0x02, 'c', 'n'};
        for (int i = 0; i < depth; i++) {
            filter = element(0xa2, filter);
        }
        ByteArrayOutputStream search = new ByteArrayOutputStream();
        search.write(new byte[] {
            0x04, 0x00, 0x0a, 0x01, 0x02, 0x0a, 0x01, 0x00, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00, 0x01, 0x01, 0x00
        });
        search.write(filter);
        search.write(new byte[] {0x30, 0x00});
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(new byte[] {0x02, 0x01, 0x01});
        message.write(element(0x63, search.toByteArray()));
        return element(0x30, message.toByteArray());
    }

    private static byte[] element(int tag, byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        out.write(0x84);
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(content.length >> shift);
        }
        out.write(content);
        return out.toByteArray();
    }
}
