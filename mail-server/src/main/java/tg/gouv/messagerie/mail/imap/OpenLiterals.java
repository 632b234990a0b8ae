package tg.gouv.messagerie.mail.imap;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.james.imap.message.response.FetchResponse;

/*
 * James 3.8.1 opens the octets of a literal once its length is sent: whoever was told a length cannot be told that there is nothing, or
 * something damaged.
 */
/** Answers to FETCH, whose octets are at hand, and checked, before their first one is sent. */
final class OpenLiterals {
    private OpenLiterals() {}

    /**
     * The same answer, whose literals are open.
     *
     * @throws tg.gouv.messagerie.platform.blobs.CorruptBlob if the octets of one are damaged or gone; none is open then
     */
    @SuppressWarnings({"NullAway", "NullOptional"}) // James leaves out what is null
    static FetchResponse of(FetchResponse fetch) {
        if (fetch.getElements() == null || fetch.getElements().isEmpty()) {
            return fetch;
        }
        List<FetchResponse.BodyElement> opened = new ArrayList<>();
        try {
            for (FetchResponse.BodyElement each : fetch.getElements()) {
                opened.add(new Opened(each.getName(), each.size(), each.getInputStream()));
            }
        } catch (IOException e) {
            close(opened, e);
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            close(opened, e);
            throw e;
        }
        return new FetchResponse(
                fetch.getMessageNumber(),
                fetch.getFlags(),
                fetch.getUid(),
                fetch.getSaveDate(),
                fetch.getModSeq(),
                fetch.getInternalDate(),
                fetch.getSize(),
                fetch.getEnvelope(),
                fetch.getBody(),
                fetch.getBodyStructure(),
                opened,
                fetch.getEmailId(),
                fetch.getThreadId());
    }

    private record Opened(String name, long octets, InputStream content) implements FetchResponse.BodyElement {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public long size() {
            return octets;
        }

        @Override
        public InputStream getInputStream() {
            return content;
        }
    }

    private static void close(List<FetchResponse.BodyElement> opened, Exception failure) {
        for (FetchResponse.BodyElement each : opened) {
            try {
                each.getInputStream().close();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }
}
