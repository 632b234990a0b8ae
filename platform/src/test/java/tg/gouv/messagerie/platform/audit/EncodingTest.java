package tg.gouv.messagerie.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.platform.settings.Secret;

/** What digests and signatures are computed over; version 1 stays as it is for ever. */
class EncodingTest {
    private static final UUID ID = UUID.fromString("01234567-89ab-7def-8123-456789abcdef");

    @TempDir
    private Path folder;

    @Test
    void aRowIsEncodedAsItsDescriptionSays() {
        Row row = Row.of(ID, SealedTrail.event("root"));
        assertThat(HexFormat.of().formatHex(row.encoded()))
                .isEqualTo(
                        "01" // version
                                + "0123456789ab7def8123456789abcdef"
                                + "000661295489a240" // 2026-11-26T08:00:00.123456Z in microseconds
                                + "000661295489a240"
                                + "0000000000000001"
                                + "0000000a" + hex("order-down")
                                + "00000010" + hex("system-user:root")
                                + "ffffffff"
                                + "0000000d" + hex("program:0.1.0")
                                + "ffffffff"
                                + "ffffffff"
                                + "ffffffff"
                                + "00000004" + hex("done"));
    }

    @Test
    void aChainHasTheLinksItAlwaysHad() {
        Chain chain = new Chain(ID, 0, Link.first(ID)).with(Row.of(ID, SealedTrail.event("root")));
        assertThat(chain.number()).isOne();
        assertThat(Link.first(ID).hex()).isEqualTo("1539b770c314a00f5515108e65dd84bd6426af6eed41c9555bffc8d319c57c87");
        assertThat(chain.link().hex()).isEqualTo("798d34ec043e88870ed10148bd3a73863a9ec99f1eca63861163410a7fa1bcd3");
    }

    @Test
    void aTextThatMovesFromOneFieldToTheNextIsAnotherRow() {
        Row row = Row.of(ID, SealedTrail.event("root"));
        Facts facts = row.facts();
        Facts moved = new Facts(
                facts.act() + "s",
                facts.actor().substring(1),
                null,
                facts.subject(),
                null,
                null,
                null,
                facts.outcome());
        Facts empty = new Facts(facts.act(), facts.actor(), "", facts.subject(), null, null, null, facts.outcome());
        for (Facts other : new Facts[] {moved, empty}) {
            assertThat(new Row(ID, Row.FORMAT, row.began(), row.ended(), 1, other).encoded())
                    .isNotEqualTo(row.encoded());
        }
    }

    @Test
    void aHeadIsALineThatAnybodyCanCheck() {
        SealKey key = SealKey.of(Optional.empty(), folder);
        Head head = Head.signed(ID, 42, Link.first(ID), Instant.parse("2026-11-26T08:00:00.123456Z"), key);
        assertThat(Head.parse(head.line())).contains(head);
        assertThat(head.isGenuine()).isTrue();
        assertThat(head.line())
                .startsWith("messagerie-audit-head/1 chain=" + ID + " number=42 link="
                        + Link.first(ID).hex() + " at=2026-11-26T08:00:00.123Z key=" + key.publicKey() + " signature=");
        assertThat(Head.parse(head.line().replace("number=42", "number=43")))
                .hasValueSatisfying(it -> assertThat(it.isGenuine()).isFalse());
        assertThat(Head.parse(head.line() + " more")).isEmpty();
        assertThat(Head.parse(head.line().replace("at=2026", "at=20x6"))).isEmpty();
    }

    @Test
    void theKeyIsMadeOnceForItsOwnerAlone() throws Exception {
        SealKey made = SealKey.of(Optional.empty(), folder);
        Path file = folder.resolve("audit/seal.key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(SealKey.of(Optional.empty(), folder).publicKey()).isEqualTo(made.publicKey());
        assertThat(SealKey.of(Optional.of(new Secret(Files.readString(file).strip())), folder.resolve("elsewhere"))
                        .publicKey())
                .isEqualTo(made.publicKey());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> SealKey.of(Optional.empty(), folder))
                .isInstanceOf(AuditRefused.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void whatIsNoKeyIsRefused() {
        assertThatThrownBy(() -> SealKey.of(Optional.of(new Secret("a secret")), folder))
                .isInstanceOf(AuditRefused.class)
                .hasMessageContaining("audit.key")
                .hasMessageNotContaining("a secret");
    }

    @Test
    void aTextOfTheTrailHoldsNoControlCharacterAndHasABound() {
        assertThatThrownBy(() -> new Actor.SystemUser("root\nactor=x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Subject(Subject.Kind.ENTITY, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Subject(Subject.Kind.ENTITY, "x".repeat(321)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Subject(Subject.Kind.ENTITY, "\ud800"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
