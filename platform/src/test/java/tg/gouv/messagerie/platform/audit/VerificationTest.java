package tg.gouv.messagerie.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody does to the trail, and what a look at it says. */
class VerificationTest {
    @TempDir
    private Path folder;

    private SealedTrail trail;

    @BeforeEach
    void open() throws IOException {
        trail = new SealedTrail(folder);
    }

    @AfterEach
    void close() {
        trail.close();
    }

    @Test
    void anEmptyTrailIsSound() throws Exception {
        assertThat(trail.verify())
                .isInstanceOfSatisfying(
                        Verdict.Sound.class, sound -> assertThat(sound.rows()).isZero());
    }

    @Test
    void aGrownTrailIsSoundAndTellsWhoSigned() throws Exception {
        grown();
        trail.write(2);
        assertThat(trail.verify()).isInstanceOfSatisfying(Verdict.Sound.class, sound -> {
            assertThat(sound.rows()).isEqualTo(30);
            assertThat(sound.heads()).isEqualTo(3);
            assertThat(sound.outside()).contains(3L);
            assertThat(sound.unsealed()).isEqualTo(2);
            assertThat(sound.keys()).hasSize(1);
            assertThat(sound.unreadable()).isZero();
        });
    }

    @Test
    void aChangedRowIsNamed() throws Exception {
        grown();
        trail.sql("update audit_event set actor = 'system-user:somebody' where number = 7");
        assertThat(trail.verify()).isInstanceOfSatisfying(Verdict.Broken.class, broken -> {
            assertThat(broken.rows()).isEqualTo(6);
            assertThat(broken.fault())
                    .isInstanceOfSatisfying(
                            Fault.RowAltered.class,
                            row -> assertThat(row.number()).isEqualTo(7));
        });
    }

    @Test
    void everyColumnCounts() throws Exception {
        trail.grow(12);
        List<String> changes = List.of(
                "id = gen_random_uuid()",
                "format = 2",
                "began = began - interval '1 microsecond'",
                "ended = 'infinity'",
                "times = times + 1",
                "act = act || 'x'",
                "actor = actor || 'x'",
                "on_behalf_of = ''",
                "counterpart = ''",
                "network = ''",
                "protocol = ''",
                "outcome = 'refused'");
        for (int i = changes.size(); i > 0; i--) {
            trail.sql("update audit_event set " + changes.get(i - 1) + " where number = " + i);
            long number = i;
            assertThat(trail.verify()).as(changes.get(i - 1)).isInstanceOfSatisfying(Verdict.Broken.class, broken -> {
                assertThat(broken.rows()).isEqualTo(number - 1);
            });
        }
    }

    @Test
    void aRemovedRowIsNamed() throws Exception {
        grown();
        trail.sql("delete from audit_event where number = 12");
        assertThat(trail.verify()).isEqualTo(new Verdict.Broken(new Fault.RowMissing(12), 11));
    }

    @Test
    void theLastRowRemovedIsNamedEvenAfterTheTrailWentOn() throws Exception {
        grown();
        trail.sql("delete from audit_event where number = 30");
        assertThat(trail.verify()).isEqualTo(new Verdict.Broken(new Fault.RowMissing(30), 29));
        trail.grow(5);
        assertThat(trail.sealer.isBroken()).isTrue();
        assertThat(trail.verify()).isEqualTo(new Verdict.Broken(new Fault.RowMissing(30), 29));
    }

    @Test
    void aRowPutBehindTheEndIsSeen() throws Exception {
        grown();
        trail.sql("insert into audit_event select 31, link, id, format, began, ended, times, act, actor, on_behalf_of,"
                + " subject, counterpart, network, protocol, outcome from audit_event where number = 30");
        assertThat(trail.verify()).isEqualTo(new Verdict.Broken(new Fault.RowsBehindTheEnd(30), 30));
    }

    @Test
    void aChainComputedAgainWithoutTheKeyContradictsTheHeads() throws Exception {
        grown();
        trail.sql("update audit_event set outcome = 'refused' where number = 15");
        trail.forge(trail.foreignKey());
        assertThat(trail.verify())
                .isInstanceOfSatisfying(
                        Verdict.Broken.class,
                        broken -> assertThat(broken.fault()).isInstanceOf(Fault.KeyUnknownOutside.class));
    }

    @Test
    void headsLeftAsTheyWereContradictAChainComputedAgain() throws Exception {
        grown();
        trail.sql("create table kept as select * from audit_head");
        trail.sql("update audit_event set outcome = 'refused' where number = 15");
        trail.forge(trail.key);
        trail.sql("update audit_head h set line = k.line from kept k where k.number = h.number");
        assertThat(trail.verifyWithoutOutside()).isEqualTo(new Verdict.Broken(new Fault.HeadDiffers(10, 20), 10));
    }

    @Test
    void aChainSignedAgainBySomebodyWithTheKeyContradictsTheHeadsOutside() throws Exception {
        grown();
        trail.sql("update audit_event set outcome = 'refused' where number = 15");
        trail.forge(trail.key);
        assertThat(trail.verifyWithoutOutside()).isInstanceOf(Verdict.Sound.class); // here nothing tells
        assertThat(trail.verify()).isEqualTo(new Verdict.Broken(new Fault.OutsideHeadDiffers(10, 20), 10));
    }

    @Test
    void aTailCutOffWithEveryTraceHereIsMissedOutside() throws Exception {
        grown();
        trail.sql("delete from audit_event where number > 20");
        trail.sql("delete from audit_head where number > 20");
        trail.forge(trail.key);
        trail.sql("update audit_sink set last_number = 20");
        assertThat(trail.verifyWithoutOutside()).isInstanceOf(Verdict.Sound.class);
        assertThat(trail.verify()).isEqualTo(new Verdict.Broken(new Fault.TailMissing(21, 30), 20));
    }

    @Test
    void aHeadThatNobodySignedIsSeenHereAndOutside() throws Exception {
        grown();
        trail.sql("create table kept as select * from audit_head");
        trail.sql("update audit_head set line = regexp_replace(line, 'at=2', 'at=3') where number = 20");
        assertThat(trail.verify()).isEqualTo(new Verdict.Broken(new Fault.HeadForged(20), 30));
        trail.sql("update audit_head h set line = k.line from kept k where k.number = h.number");
        Path file = dayFile();
        Files.writeString(file, Files.readString(file).replaceFirst("number=20", "number=21"));
        assertThat(trail.verify()).isEqualTo(new Verdict.Broken(new Fault.OutsideHeadForged(21), 30));
    }

    @Test
    void headsThatDisappearedOutsideAreMissed() throws Exception {
        grown();
        Files.writeString(
                dayFile(), Files.readString(dayFile()).lines().findFirst().orElseThrow() + "\n");
        assertThat(trail.verify()).isEqualTo(new Verdict.Broken(new Fault.OutsideHeadsMissing(10, 30), 30));
    }

    @Test
    void aWriteOutsideThatWasCutShortSpoilsNothing() throws Exception {
        trail.grow(10);
        Files.writeString(dayFile(), "messagerie-audit-head/1 chain=0", StandardOpenOption.APPEND);
        trail.grow(10);
        assertThat(trail.verify()).isInstanceOfSatisfying(Verdict.Sound.class, sound -> {
            assertThat(sound.unreadable()).isOne();
            assertThat(sound.outside()).contains(2L);
        });
    }

    @Test
    void aFolderThatIsNotMountedIsAnErrorNeverAVerdict() {
        trail.grow(1);
        assertThatThrownBy(() -> new Verification(
                                trail.connections, Optional.of(new DirectoryHeads(folder.resolve("not-mounted"))))
                        .verdict())
                .isInstanceOf(IOException.class);
    }

    @Test
    void aHundredThousandRowsAreFollowed() throws Exception {
        for (int i = 0; i < 10; i++) {
            trail.write(10_000);
        }
        assertThat(trail.sealer.sealAll()).isEqualTo(100_000);
        trail.deliver();
        assertThat(trail.verify())
                .isInstanceOfSatisfying(
                        Verdict.Sound.class, sound -> assertThat(sound.rows()).isEqualTo(100_000));
        trail.sql("update audit_event set times = 2 where number = 99999");
        assertThat(trail.verify())
                .isInstanceOfSatisfying(
                        Verdict.Broken.class,
                        broken -> assertThat(broken.rows()).isEqualTo(99_998));
    }

    /** Three heads, after 10, 20 and 30 rows. */
    private void grown() {
        trail.grow(10);
        trail.grow(10);
        trail.grow(10);
    }

    private Path dayFile() throws IOException {
        try (Stream<Path> files = Files.list(trail.outside)) {
            return files.findFirst().orElseThrow();
        }
    }
}
