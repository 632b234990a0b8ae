package tg.gouv.messagerie.platform.xml;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/*
 * Read in one pass by the JDK's own parser. Its own defaults read files that a document names; here a document type, entities of the document,
 * other files, depth and number are refused.
 */
/**
 * An element of a document that came from anybody.
 *
 * @param text all that is written right in it, one after the other
 * @param children in their order
 */
public record XmlElement(XmlName name, String text, List<XmlElement> children) {
    private static final int DEPTH_MAX = 32;

    /** More than any client asks of properties, or writes into a request. */
    private static final int ELEMENTS_MAX = 2_000;

    public XmlElement {
        children = List.copyOf(children);
    }

    /**
     * Reads a document; its size is bounded by whoever read it from the network.
     *
     * @return its root
     * @throws XmlRefused if it is not well-formed, or more than 32 deep, or of more than 2,000 elements
     */
    public static XmlElement read(byte[] document) {
        try {
            XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(document));
            try {
                return read(reader);
            } finally {
                reader.close();
            }
        } catch (XmlRefused e) {
            throw e;
        } catch (XMLStreamException | RuntimeException e) { // the latter is how the JDK tells of some encodings
            throw new XmlRefused("it is not well-formed");
        }
    }

    /** The first child of this name. */
    public Optional<XmlElement> child(XmlName wanted) {
        return children.stream().filter(it -> it.name.equals(wanted)).findFirst();
    }

    private static XmlElement read(XMLStreamReader reader) throws XMLStreamException {
        Deque<Open> open = new ArrayDeque<>();
        int count = 0;
        XmlElement last = null;
        while (reader.hasNext()) {
            switch (reader.next()) {
                case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
                    throw new XmlRefused("a document type or an entity of its own is not read");
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++count > ELEMENTS_MAX || open.size() == DEPTH_MAX) {
                        throw new XmlRefused("it has too many elements, or too many one in the other");
                    }
                    open.push(new Open(nameOf(reader)));
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
                    if (!open.isEmpty()) {
                        open.peek().text.append(reader.getText());
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    last = open.pop().closed();
                    if (!open.isEmpty()) {
                        open.peek().children.add(last);
                    }
                }
                default -> {
                    // comments and instructions say nothing
                }
            }
        }
        if (last == null) {
            throw new XmlRefused("it has no element");
        }
        return last;
    }

    private static XmlName nameOf(XMLStreamReader reader) {
        String namespace = reader.getNamespaceURI();
        return new XmlName(namespace == null ? "" : namespace, reader.getLocalName());
    }

    /** An element that has not come to its end. */
    private static final class Open {
        private final XmlName name;
        private final StringBuilder text = new StringBuilder();
        private final List<XmlElement> children = new ArrayList<>();

        private Open(XmlName name) {
            this.name = name;
        }

        private XmlElement closed() {
            return new XmlElement(name, text.toString(), children);
        }
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
