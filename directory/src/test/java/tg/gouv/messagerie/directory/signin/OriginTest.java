package tg.gouv.messagerie.directory.signin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class OriginTest {
    @Test
    void isTheHostItsNetworkAndItsSite() throws Exception {
        assertThat(Origin.of(InetAddress.getByName("196.168.17.250")))
                .isEqualTo(new Origin("196.168.17.250/32", "196.168.17.0/24", "196.168.17.0/24"));
        assertThat(Origin.of(InetAddress.getByName("2001:db8:1:2:3:4:5:6")))
                .isEqualTo(
                        new Origin("2001:db8:1:2:3:4:5:6/128", "2001:db8:1:2:0:0:0:0/64", "2001:db8:1:0:0:0:0:0/48"));
    }

    @Test
    void anIpv4AddressMappedIntoIpv6IsOne() throws Exception {
        assertThat(Origin.of(InetAddress.getByName("::ffff:196.168.17.250")).network())
                .isEqualTo("196.168.17.0/24");
    }

    @Test
    void aScopeIsNoPartOfIt() throws Exception {
        byte[] local = InetAddress.getByName("fe80::1").getAddress();
        assertThat(Origin.of(Inet6Address.getByAddress("", local, 3)).host()).isEqualTo("fe80:0:0:0:0:0:0:1/128");
    }
}
