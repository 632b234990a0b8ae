package tg.gouv.messagerie.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tg.gouv.messagerie.deploy.command.DataDirectory.Purpose;

/** The socket of a program that ends. */
class ControlServerTest {
    @TempDir
    private Path folder;

    @Test
    void whoeverOrdersTheEndIsAnsweredBeforeItIsOver() throws Exception {
        try (DataDirectory data = DataDirectory.take(folder.resolve("data"), Purpose.DEMO)) {
            AtomicReference<ControlServer> server = new AtomicReference<>();
            CompletableFuture<Void> over = new CompletableFuture<>();
            CompletableFuture<Boolean> overBeforeTheAnswer = new CompletableFuture<>();
            Runnable end = () -> {
                Thread.ofVirtual().start(() -> close(server.get(), over));
                until(() -> !Files.exists(DataDirectory.socket(data.path())));
                sleep(100); // long enough for an end that waits for nobody
                overBeforeTheAnswer.complete(over.isDone());
            };
            server.set(ControlServer.open(data, new ControlState(data, Clock.systemUTC(), end)));

            ControlAnswer answer = new ControlClient(data.path()).ask(new ControlRequest.Down());

            assertThat(answer).isInstanceOf(ControlAnswer.Stopping.class);
            assertThat(overBeforeTheAnswer.join()).isFalse();
            over.join();
        }
    }

    private static void close(ControlServer server, CompletableFuture<Void> over) {
        try {
            server.close();
            over.complete(null);
        } catch (IOException e) {
            over.completeExceptionally(e);
        }
    }

    private static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            sleep(5);
        }
    }

    private static void sleep(long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
