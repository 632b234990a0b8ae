package tg.gouv.messagerie.mail.transfer.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupSession;
import tg.gouv.messagerie.mail.transfer.outgoing.Names.Answer;
import tg.gouv.messagerie.mail.transfer.outgoing.Names.Mx;

/** What a name server on the loopback interface says, octet by octet, is understood. */
class DnsNamesTest {
    private final Map<String, Record> records = new ConcurrentHashMap<>();
    private final Map<String, Integer> codes = new ConcurrentHashMap<>();
    private DatagramSocket socket;
    private DnsNames names;

    @BeforeEach
    void start() throws Exception {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        SimpleResolver resolver =
                new SimpleResolver(new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
        resolver.setTimeout(Duration.ofSeconds(2));
        LookupSession session = LookupSession.builder().resolver(resolver).build();
        names = new DnsNames(() -> session);
    }

    @AfterEach
    void stop() {
        socket.close();
    }

    private void serve() {
        byte[] octets = new byte[4_096];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(octets, octets.length);
                socket.receive(packet);
                byte[] answer = answer(new Message(Arrays.copyOf(octets, packet.getLength())))
                        .toWire();
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (SocketException _) {
                return;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Message answer(Message question) {
        Record asked = question.getQuestion();
        Message answer = new Message(question.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.addRecord(asked, Section.QUESTION);
        Name name = asked.getName();
        String host = name.toString(true);
        answer.getHeader().setRcode(codes.getOrDefault(host, Rcode.NOERROR));
        List<Record> matching = new ArrayList<>();
        records.values().stream()
                .filter(each -> each.getName().equals(name) && each.getType() == asked.getType())
                .forEach(matching::add);
        matching.forEach(each -> answer.addRecord(each, Section.ANSWER));
        return answer;
    }

    private void record(String name, int type, String text) throws Exception {
        Record record = Record.fromString(Name.fromString(name, Name.root), type, DClass.IN, 60, text, Name.root);
        records.put(name + type + text, record);
    }

    @Test
    void serversWithTheirPreferences() throws Exception {
        record("dehors.test", Type.MX, "20 Mx2.dehors.test.");
        record("dehors.test", Type.MX, "10 mx1.dehors.test.");
        assertThat(((Answer.Found<Mx>) names.mx("dehors.test")).records())
                .containsExactlyInAnyOrder(new Mx(10, "mx1.dehors.test"), new Mx(20, "Mx2.dehors.test"));
    }

    @Test
    void aNullMx() throws Exception {
        record("muet.test", Type.MX, "0 .");
        assertThat(((Answer.Found<Mx>) names.mx("muet.test")).records()).containsExactly(new Mx(0, ""));
    }

    @Test
    void bothFamiliesOfAddresses() throws Exception {
        record("mx.test", Type.A, "198.51.100.1");
        record("mx.test", Type.AAAA, "2001:db8::1");
        assertThat(((Answer.Found<InetAddress>) names.addresses("mx.test")).records())
                .containsExactly(InetAddress.ofLiteral("2001:db8::1"), InetAddress.ofLiteral("198.51.100.1"));
    }

    @Test
    void nothingUnderThatNameAndNoSuchNameAreNotTheSame() {
        codes.put("inconnu.test", Rcode.NXDOMAIN);
        assertThat(names.mx("vide.test")).isEqualTo(new Answer.None<Mx>(true));
        assertThat(names.mx("inconnu.test")).isEqualTo(new Answer.None<Mx>(false));
        assertThat(names.addresses("inconnu.test")).isEqualTo(new Answer.None<InetAddress>(false));
        assertThat(names.mx("x".repeat(70) + ".test")).isEqualTo(new Answer.None<Mx>(false));
    }

    @Test
    void aServerThatFailsOrIsSilentSaysNothing() {
        codes.put("malade.test", Rcode.SERVFAIL);
        assertThat(names.mx("malade.test")).isInstanceOf(Answer.Unknown.class);
        socket.close();
        assertThat(names.mx("muet.test")).isInstanceOf(Answer.Unknown.class);
        assertThat(names.addresses("muet.test")).isInstanceOf(Answer.Unknown.class);
    }
}
