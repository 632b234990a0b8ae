package tg.gouv.messagerie.mail.transfer.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** RFC 5321 section 5.1, RFC 7505. */
class RoutesTest {
    private final TestInternet internet = new TestInternet();
    private final Routes routes = new Routes(internet, "mail.gouv.test", new Random(1));

    private Route to(String domain) {
        return routes.to(new Destination(domain));
    }

    private List<String> hosts(String domain) {
        return ((Route.Hosts) to(domain)).hosts().stream().map(Route.Host::name).toList();
    }

    private String status(String domain) {
        return ((Route.Nowhere) to(domain)).why().status();
    }

    @Test
    void serversAreTriedByPreference() {
        internet.domain("dehors.test", "30 c.test", "10 A.test", "20 b.test");
        assertThat(hosts("dehors.test")).containsExactly("a.test", "b.test", "c.test");
    }

    @Test
    void equalsAreTriedAtRandom() {
        internet.domain("dehors.test", "10 a.test", "10 b.test", "20 c.test");
        Set<List<String>> orders = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            orders.add(hosts("dehors.test"));
        }
        assertThat(orders)
                .containsExactlyInAnyOrder(
                        List.of("a.test", "b.test", "c.test"), List.of("b.test", "a.test", "c.test"));
    }

    @Test
    void aDomainWithoutServersIsItsOwnHost() {
        internet.host("dehors.test", "198.51.100.1");
        assertThat(hosts("dehors.test")).containsExactly("dehors.test");
    }

    @Test
    void aNullMxAndAnUnknownDomainAreForGoodAndASilentDnsIsNot() {
        internet.domain("muet.test", "0 ").unknown("lent.test");
        assertThat(status("muet.test")).isEqualTo("5.1.10");
        assertThat(status("inconnu.test")).isEqualTo("5.1.2");
        assertThat(status("lent.test")).isEqualTo("4.4.3");
    }

    @Test
    void nobodyAfterOurselvesIsTried() {
        internet.domain("secours.test", "10 a.test", "20 MAIL.gouv.test", "20 b.test", "30 c.test")
                .domain("boucle.test", "10 mail.gouv.test", "20 b.test");
        assertThat(hosts("secours.test")).containsExactly("a.test");
        assertThat(status("boucle.test")).isEqualTo("5.4.6");
    }

    @Test
    void anAddressInBracketsIsAskedOfNobody() {
        assertThat(((Route.Hosts) to("[198.51.100.7]"))
                        .hosts()
                        .getFirst()
                        .address()
                        .orElseThrow()
                        .getHostAddress())
                .isEqualTo("198.51.100.7");
        assertThat(((Route.Hosts) to("[ipv6:2001:db8::7]"))
                        .hosts()
                        .getFirst()
                        .address()
                        .orElseThrow()
                        .getAddress())
                .hasSize(16);
        assertThat(status("[n'importe quoi]")).isEqualTo("5.1.2");
    }
}
