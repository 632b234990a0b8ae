package tg.gouv.messagerie.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import tg.gouv.messagerie.directory.AccountId;
import tg.gouv.messagerie.directory.MailAddress;

class JmapKeyTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-25T08:00:00Z"));
    private final JmapKey key = JmapKey.random(new SecureRandom(), now::get);
    private final JmapPrincipal ama = principal("ama@gouv.tg", "2001:db8::7");

    @Test
    void whatItSignedItKnowsAgain() {
        assertThat(key.verify(key.sign(ama))).contains(ama);
    }

    @Test
    void anotherKeysWordIsNothing() {
        JmapKey other = JmapKey.random(new SecureRandom(), now::get);

        assertThat(key.verify(other.sign(ama))).isEmpty();
    }

    @Test
    void aChangedPrincipalIsNothing() {
        String signed = key.sign(ama);
        String first = signed.substring(0, signed.indexOf('.'));
        String minister = new String(Base64.getUrlDecoder().decode(first), StandardCharsets.UTF_8)
                .replace("ama@gouv.tg", "ministre@gouv.tg");
        String forged =
                Base64.getUrlEncoder().withoutPadding().encodeToString(minister.getBytes(StandardCharsets.UTF_8));

        assertThat(key.verify(forged + signed.substring(signed.indexOf('.')))).isEmpty();
    }

    @Test
    void aMinuteLaterItIsOverAndSoItIsAMinuteEarlier() {
        String signed = key.sign(ama);

        now.set(now.get().plusSeconds(61));
        assertThat(key.verify(signed)).isEmpty();
        now.set(now.get().minusSeconds(122));
        assertThat(key.verify(signed)).isEmpty();
    }

    @Test
    void whatIsNoValueIsNothing() {
        for (String value : new String[] {"", ".", "a.b", "é.é", "x".repeat(2_000) + ".y", "A" + key.sign(ama)}) {
            assertThat(key.verify(value)).as(value).isEmpty();
        }
    }

    private static JmapPrincipal principal(String address, String client) {
        return new JmapPrincipal(
                MailAddress.of(address),
                new AccountId(new UUID(7, 1)),
                new AccountId(new UUID(7, 2)),
                InetAddress.ofLiteral(client));
    }
}
