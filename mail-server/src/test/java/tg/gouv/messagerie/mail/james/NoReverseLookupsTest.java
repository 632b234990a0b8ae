package tg.gouv.messagerie.mail.james;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class NoReverseLookupsTest {
    @Test
    void theNameOfAnAddressIsTheAddress() {
        // every machine knows a name for this one, in its hosts file
        assertThat(InetAddress.ofLiteral("127.0.0.1").getHostName()).isEqualTo("127.0.0.1");
    }

    @Test
    void namesAreStillFound() throws Exception {
        assertThat(InetAddress.getByName("localhost").isLoopbackAddress()).isTrue();
    }
}
