package tg.gouv.messagerie.mail.imap;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.james.imap.message.response.FetchResponse;
import org.apache.james.mime4j.message.MaximalBodyDescriptor;
import org.jspecify.annotations.Nullable;
import tg.gouv.messagerie.mail.mime.HeaderFields;
import tg.gouv.messagerie.mail.mime.MimePart;

/** The structure of a message, as BODY and BODYSTRUCTURE tell it (RFC 9051 section 7.5.2). */
final class PartStructure implements FetchResponse.Structure {
    private final MimePart part;
    private final MaximalBodyDescriptor content;

    PartStructure(MimePart part) {
        this.part = part;
        this.content = part.content();
    }

    @Override
    public @Nullable String getMediaType() {
        return part.isOpaque() ? "application" : MessageEnvelope.ascii(content.getMediaType());
    }

    @Override
    public @Nullable String getSubType() {
        return part.isOpaque() ? "octet-stream" : MessageEnvelope.ascii(content.getSubType());
    }

    @Override
    public List<String> getParameters() {
        if (part.isOpaque()) {
            return List.of();
        }
        Map<String, String> all = new TreeMap<>(content.getContentTypeParameters());
        if (content.getCharset() != null) {
            all.put("charset", content.getCharset());
        }
        if (content.getBoundary() != null) {
            all.put("boundary", content.getBoundary());
        }
        List<String> flat = new ArrayList<>();
        told(all).forEach((name, value) -> {
            flat.add(name);
            flat.add(value);
        });
        return flat;
    }

    private static Map<String, String> told(Map<String, String> parameters) {
        Map<String, String> all = new TreeMap<>();
        parameters.forEach((name, value) -> {
            String key = MessageEnvelope.ascii(name);
            if (key != null && value != null) {
                String text = MessageEnvelope.ascii(value);
                all.put(key, text == null ? "" : text);
            }
        });
        return all;
    }

    @Override
    public @Nullable String getId() {
        return MessageEnvelope.ascii(content.getContentId());
    }

    @Override
    public @Nullable String getDescription() {
        return MessageEnvelope.ascii(content.getContentDescription());
    }

    @Override
    public @Nullable String getEncoding() {
        return MessageEnvelope.ascii(content.getTransferEncoding());
    }

    @Override
    public long getOctets() {
        return part.end() - part.bodyStart();
    }

    @Override
    public long getLines() {
        return part.lines();
    }

    @Override
    public @Nullable String getMD5() {
        return MessageEnvelope.ascii(content.getContentMD5Raw());
    }

    @Override
    public @Nullable String getDisposition() {
        return MessageEnvelope.ascii(content.getContentDispositionType());
    }

    @Override
    public Map<String, String> getDispositionParams() {
        Map<String, String> parameters = content.getContentDispositionParameters();
        return parameters == null ? Map.of() : told(parameters);
    }

    @Override
    public @Nullable List<String> getLanguages() {
        List<String> languages = content.getContentLanguage();
        return languages == null
                ? null
                : languages.stream()
                        .map(MessageEnvelope::ascii)
                        .map(each -> each == null ? "" : each)
                        .toList();
    }

    @Override
    public @Nullable String getLocation() {
        return MessageEnvelope.ascii(content.getContentLocation());
    }

    /** A multipart has one part at least: where none was found, an empty text. */
    @Override
    public Iterator<FetchResponse.Structure> parts() {
        List<FetchResponse.Structure> all = new ArrayList<>();
        part.parts().forEach(each -> all.add(new PartStructure(each)));
        if (all.isEmpty() && part.isMultipart()) {
            all.add(new PartStructure(MimePart.EMPTY));
        }
        return all.iterator();
    }

    @Override
    public FetchResponse.@Nullable Envelope getEnvelope() {
        return part.message()
                .map(message -> new MessageEnvelope(HeaderFields.of(message.fields())))
                .orElse(null);
    }

    @Override
    public FetchResponse.@Nullable Structure getBody() {
        return part.message().map(PartStructure::new).orElse(null);
    }
}
