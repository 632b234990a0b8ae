package tg.gouv.messagerie.mail.postgres;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.james.queue.api.MailQueue.MailQueueItem;
import org.apache.james.queue.api.MailQueueName;
import org.apache.james.queue.api.ManageableMailQueue;
import org.apache.james.server.core.MailImpl;
import org.apache.james.server.core.MimeMessageInputStreamSource;
import org.apache.james.server.core.MimeMessageWrapper;
import org.apache.mailet.Mail;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** How fast the queue is here, without James around it; run by hand: {@code -Dtest=QueueFigures}. */
class QueueFigures {
    private static final int THREADS = 8;
    private static final int EACH = 1_000;

    @Test
    void figures() throws Exception {
        try (QueueUnderTest queues = QueueUnderTest.empty(Clock.systemUTC(), Duration.ofSeconds(1))) {
            for (int round = 0; round < 3; round++) {
                ManageableMailQueue queue = queues.queues().createQueue(MailQueueName.of("figures" + round));
                enqueue(queue);
                work(queue);
            }
        }
    }

    private static void enqueue(ManageableMailQueue queue) throws Exception {
        byte[] message = new byte[10 * 1024];
        new Random(1).nextBytes(message);
        byte[] header = "From: ama@gouv.tg\r\nSubject: figures\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(header, 0, message, 0, header.length);
        long begun = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int t = 0; t < THREADS; t++) {
                int thread = t;
                all.add(threads.submit(() -> {
                    for (int i = 0; i < EACH; i++) {
                        queue.enQueue(mail("mail-" + thread + "-" + i, message));
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        say("enqueue 10 KB", begun);
    }

    private static Mail mail(String name, byte[] message) throws Exception {
        MailImpl mail = MailImpl.builder()
                .name(name)
                .sender("ama@gouv.tg")
                .addRecipient("kofi@gouv.tg")
                .build();
        mail.setMessageNoCopy(
                new MimeMessageWrapper(MimeMessageInputStreamSource.create(name, new ByteArrayInputStream(message))));
        return mail;
    }

    private static void work(ManageableMailQueue queue) {
        Scheduler workers = Schedulers.newBoundedElastic(THREADS + 1, 1_000, "workers");
        long begun = System.nanoTime();
        Flux.from(queue.deQueue())
                .flatMap(
                        item -> Mono.fromRunnable(() -> done(item))
                                .thenReturn(item)
                                .subscribeOn(workers),
                        THREADS)
                .take(THREADS * EACH)
                .blockLast(Duration.ofMinutes(5));
        say("claim + done", begun);
        workers.dispose();
    }

    private static void done(MailQueueItem item) {
        try {
            item.done(MailQueueItem.CompletionStatus.SUCCESS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("SystemOut") // whoever runs it reads this
    private static void say(String what, long begun) {
        System.out.printf(
                "FIGURE %-20s %d threads %10.0f per second%n",
                what, THREADS, THREADS * EACH / ((System.nanoTime() - begun) / 1e9));
    }
}
