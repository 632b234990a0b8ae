package tg.gouv.messagerie.deploy.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Asks the program that runs on a data directory. */
final class ControlClient {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final Path data;

    ControlClient(Path data) {
        this.data = data;
    }

    /**
     * Asks, and waits for the answer.
     *
     * @throws Refusal if no program runs on the directory, it does not answer, or it does not do that for us
     */
    ControlAnswer ask(ControlRequest request) {
        if (!DataDirectory.isTaken(data)) {
            throw new Refusal(ExitStatus.UNAVAILABLE, "control.nothing-runs", data);
        }
        try (ShortPath path = ShortPath.to(DataDirectory.socket(data));
                SocketChannel server = SocketChannel.open(path.address())) {
            Thread guard = closeWhenSilent(server);
            server.write(ByteBuffer.wrap((request.line() + "\n").getBytes(StandardCharsets.US_ASCII)));
            ControlAnswer answer = ControlAnswer.of(readAll(server));
            guard.interrupt();
            return answer;
        } catch (JsonProcessingException e) {
            throw new Refusal(ExitStatus.UNAVAILABLE, "control.not-understood", data);
        } catch (IOException e) {
            throw new Refusal(
                    ExitStatus.TRY_AGAIN,
                    "control.silent",
                    data,
                    DataDirectory.lastHolder(data).map(String::valueOf).orElse("?"));
        }
    }

    /** A socket channel knows no time limit for reads: closing it ends them. */
    private static Thread closeWhenSilent(SocketChannel server) {
        return Thread.ofVirtual().start(() -> {
            try (server) {
                Thread.sleep(ANSWER_WITHIN);
            } catch (InterruptedException | IOException e) {
                // Answered in time, or nothing left to close.
            }
        });
    }

    private static String readAll(SocketChannel server) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(ControlAnswer.BYTES_MAX);
        while (bytes.hasRemaining() && server.read(bytes) >= 0) {
            // Until the program closes, which ends its answer.
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
}
