package tg.gouv.messagerie.mail.postgres;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.mail.Flags;
import javax.mail.Flags.Flag;
import org.apache.james.mailbox.MessageManager.FlagsUpdateMode;
import org.apache.james.mailbox.MessageUid;
import org.apache.james.mailbox.model.Mailbox;
import org.apache.james.mailbox.model.MessageRange;
import org.apache.james.mailbox.store.FlagsUpdateCalculator;
import org.apache.james.mailbox.store.mail.MessageMapper.FetchType;
import org.apache.james.mailbox.store.mail.model.MailboxMessage;
import org.junit.jupiter.api.Test;

/** How fast the store is here, without James around it; run by hand: {@code -Dtest=StoreFigures}. */
class StoreFigures {
    private static final int THREADS = 8;
    private static final int EACH = 1_500;
    private static final int MESSAGES = 10_000;

    private interface Work {
        Object run() throws Exception;
    }

    @Test
    void figures() throws Exception {
        try (TestStore store = new TestStore()) {
            append(store, "warm-up", 300);
            append(store, "one mailbox per thread", EACH);
            many(store);
        }
    }

    private static void append(TestStore store, String what, int each) throws Exception {
        byte[] header = "From: ama@gouv.tg\r\nSubject: figures\r\nMessage-ID: <1@gouv.tg>\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[10 * 1024];
        new Random(1).nextBytes(bytes);
        System.arraycopy(header, 0, bytes, 0, header.length);
        long begun = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                Mailbox mailbox = store.mailbox("t" + t, what);
                all.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        store.messages.add(mailbox, store.message(mailbox, bytes, header.length, new Flags()));
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        say("append 10 KB, " + THREADS + " threads, " + what, THREADS * each / seconds(begun), "per second");
    }

    private static void many(TestStore store) throws Exception {
        Mailbox mailbox = store.mailbox("ama", "many");
        Mailbox copies = store.mailbox("ama", "copies");
        List<MailboxMessage> batch = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            batch.add(store.append(mailbox, "n° " + i));
        }
        while (store.messages.countMessagesInMailbox(mailbox) + batch.size() <= MESSAGES) {
            store.messages.copy(mailbox, batch);
        }
        say("messages in the mailbox", (double) store.messages.countMessagesInMailbox(mailbox), "");
        for (int i = 0; i < 2; i++) {
            Flags flag = new Flags(i == 0 ? Flag.FLAGGED : Flag.SEEN);
            timed(
                    "STORE +FLAGS " + i,
                    () -> store.messages.updateFlags(
                            mailbox, new FlagsUpdateCalculator(flag, FlagsUpdateMode.ADD), MessageRange.all()));
        }
        timed(
                "STORE +FLAGS keyword",
                () -> store.messages.updateFlags(
                        mailbox, new FlagsUpdateCalculator(new Flags("mot"), FlagsUpdateMode.ADD), MessageRange.all()));
        timed("FETCH metadata", () -> store.read(mailbox, FetchType.METADATA).size());
        List<MailboxMessage> all = store.read(mailbox, FetchType.METADATA);
        timed("COPY", () -> store.messages.copy(copies, all).size());
        timed("MOVE", () -> store.messages.move(copies, all).size());
        List<MessageUid> uids = store.read(copies, FetchType.METADATA).stream()
                .map(MailboxMessage::getUid)
                .toList();
        timed(
                "EXPUNGE of " + uids.size(),
                () -> store.messages.deleteMessages(copies, uids).size());
    }

    private static void timed(String what, Work work) throws Exception {
        long begun = System.nanoTime();
        work.run();
        say(what, seconds(begun), "s");
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    @SuppressWarnings("SystemOut") // whoever runs it reads this
    private static void say(String what, double figure, String unit) {
        System.out.printf("FIGURE %-50s %10.3f %s%n", what, figure, unit);
    }
}
