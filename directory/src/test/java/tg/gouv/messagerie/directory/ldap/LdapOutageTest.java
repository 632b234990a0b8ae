package tg.gouv.messagerie.directory.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tg.gouv.messagerie.platform.database.Database;
import tg.gouv.messagerie.platform.database.Databases;
import tg.gouv.messagerie.platform.database.TestDatabase;

/** PostgreSQL does not answer: every connection to it ends and none is accepted, as when it is stopped. */
@Timeout(60)
class LdapOutageTest extends LdapTest {
    private final List<Socket> through = new CopyOnWriteArrayList<>();
    private final Database fresh = TestDatabase.fresh();
    private final ServerSocket door = door();

    private static ServerSocket door() {
        try {
            return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    Database database() throws IOException {
        Matcher url = Pattern.compile("(.*:)(\\d+)(/.*)").matcher(TestDatabase.url(fresh));
        assertThat(url.matches()).isTrue();
        int port = Integer.parseInt(url.group(2));
        Thread.ofVirtual().start(() -> relay(port));
        return Databases.open(
                TestDatabase.settings(url.group(1) + door.getLocalPort() + url.group(3), TestDatabase.password()),
                folder);
    }

    @AfterAll
    void drop() {
        fresh.close();
    }

    @Test
    void aBindIsUnavailableAndNeverWrong() throws Exception {
        as(KOFI, SECRET).close();
        door.close();
        for (Socket each : through) {
            each.close();
        }
        assertThatThrownBy(() -> as(KOFI, SECRET)).hasMessageContaining("error code 52");
        assertThatThrownBy(() -> as("kofi.mensah@gouv.tg", "faux")).hasMessageContaining("error code 52");
    }

    private void relay(int port) {
        try {
            while (true) {
                Socket client = door.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                through.addAll(List.of(client, server));
                pass(client, server);
                pass(server, client);
            }
        } catch (IOException e) {
            // the door is closed
        }
    }

    private static void pass(Socket from, Socket to) {
        Thread.ofVirtual().start(() -> {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                // it ends
            }
        });
    }
}
