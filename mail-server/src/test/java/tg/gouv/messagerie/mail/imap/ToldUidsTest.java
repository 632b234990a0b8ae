package tg.gouv.messagerie.mail.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The map between UIDs and sequence numbers. */
class ToldUidsTest {
    private static final long LARGEST = 0xFFFF_FFFFL;

    @Test
    void numbersWhatAListWouldNumber() {
        Random random = new Random(7);
        ToldUids uids = new ToldUids(new long[0]);
        TreeSet<Long> model = new TreeSet<>();
        long next = 1;
        for (int round = 0; round < 300; round++) {
            for (int i = random.nextInt(5); i > 0; i--) {
                next += 1 + random.nextInt(3);
                uids.add(next);
                model.add(next);
            }
            long[] gone = model.stream()
                    .filter(_ -> random.nextInt(10) == 0)
                    .mapToLong(Long::longValue)
                    .toArray();
            uids.removeAll(new ToldUids(gone));
            LongStream.of(gone).forEach(model::remove);
            assertThat(uids.toArray())
                    .containsExactly(model.stream().mapToLong(Long::longValue).toArray());
        }
        int number = 0;
        for (long uid : model) {
            assertThat(uids.number(uid)).isEqualTo(++number);
            assertThat(uids.uid(number)).isEqualTo(uid);
        }
        assertThat(uids.number(next + 1)).isZero();
    }

    @Test
    void holdsTheLargestUid() {
        ToldUids uids = new ToldUids(new long[] {1, 0x8000_0000L, LARGEST});
        assertThat(uids.number(LARGEST)).isEqualTo(3);
        assertThat(uids.number(0x8000_0000L)).isEqualTo(2);
        assertThat(uids.uid(3)).isEqualTo(LARGEST);
    }

    @Test
    void refusesAUidThatIsNotNew() {
        ToldUids uids = new ToldUids(new long[] {1, 5});
        assertThatThrownBy(() -> uids.add(5)).isInstanceOf(IllegalStateException.class);
    }
}
