package tg.gouv.messagerie.portal.clients;

import java.io.ByteArrayInputStream;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/*
 * The document comes from anybody. It is read in one pass by the JDK's own parser; a document type, entities of its own, other
 * files and depth are refused, whatever else is in it is passed over.
 */
/**
 * What Outlook asks.
 *
 * @param address as it was written
 * @param schema of the answer that it understands
 */
record AutodiscoverRequest(Optional<String> address, Optional<String> schema) {
    static final String NAMESPACE = "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006";

    private static final int DEPTH_MAX = 16;
    private static final int TEXT_MAX = 512;

    /** The document is no XML that is read here. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String reason) {
            super(reason);
        }
    }

    /**
     * Reads a request.
     *
     * @throws Unreadable if it is not well-formed, or more than a request needs
     */
    static AutodiscoverRequest read(byte[] xml) throws Unreadable {
        try {
            XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(xml));
            try {
                return read(reader);
            } finally {
                reader.close();
            }
        } catch (XMLStreamException | RuntimeException e) { // the latter is how the JDK tells of some encodings
            throw new Unreadable(String.valueOf(e.getMessage()));
        }
    }

    private static AutodiscoverRequest read(XMLStreamReader reader) throws XMLStreamException, Unreadable {
        Optional<String> address = Optional.empty();
        Optional<String> schema = Optional.empty();
        boolean ours = false;
        int depth = 0;
        StringBuilder text = new StringBuilder();
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE -> throw new Unreadable("a DTD");
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++depth > DEPTH_MAX) {
                        throw new Unreadable("too deep");
                    }
                    ours = depth == 1 ? isRoot(reader) : ours;
                    text.setLength(0);
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    if (text.length() <= TEXT_MAX) {
                        text.append(reader.getText());
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    Optional<String> said =
                            Optional.of(text.toString().strip()).filter(it -> !it.isEmpty() && it.length() <= TEXT_MAX);
                    if (depth == 3 && ours && reader.getLocalName().equals("EMailAddress")) {
                        address = said;
                    }
                    if (depth == 3 && ours && reader.getLocalName().equals("AcceptableResponseSchema")) {
                        schema = said;
                    }
                    text.setLength(0);
                    depth--;
                }
                default -> {
                    // comments and instructions say nothing
                }
            }
        }
        return new AutodiscoverRequest(address, schema);
    }

    private static boolean isRoot(XMLStreamReader reader) {
        return reader.getLocalName().equals("Autodiscover") && NAMESPACE.equals(reader.getNamespaceURI());
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, false);
        factory.setXMLResolver((_, _, _, _) -> {
            throw new XMLStreamException("nothing else is read");
        });
        factory.setXMLReporter((_, _, _, _) -> {
            // the JDK would write to the terminal what it then throws
        });
        return factory;
    }
}
