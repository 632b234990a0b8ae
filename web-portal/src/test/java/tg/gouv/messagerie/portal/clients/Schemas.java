package tg.gouv.messagerie.portal.clients;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.Source;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.w3c.dom.Document;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** The schemas of what clients set themselves up with, beside this class; nothing outside is read by them or for them. */
final class Schemas {
    static final Schemas AUTOCONFIG = new Schemas("autoconfig.xsd");
    static final Schemas AUTODISCOVER = new Schemas("autodiscover-outlook.xsd", "autodiscover.xsd");
    static final Schemas PROPERTY_LIST = new Schemas("property-list.xsd");

    private final Schema schema;

    private Schemas(String... files) {
        SchemaFactory factory = SchemaFactory.newDefaultInstance();
        try {
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
            factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
            schema = factory.newSchema(Stream.of(files)
                    .map(file ->
                            new StreamSource(Objects.requireNonNull(Schemas.class.getResourceAsStream(file), file)))
                    .toArray(Source[]::new));
        } catch (SAXException e) {
            throw new IllegalStateException("not a schema: " + List.of(files), e);
        }
    }

    /** A document, without what its document type points at. */
    static Document read(byte[] xml) throws SAXException, IOException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
        try {
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("the JDK's own parser knows this feature", e);
        }
    }

    /** What the schema finds wrong with a document that is well-formed. */
    List<String> faults(byte[] xml) throws SAXException, IOException {
        List<String> faults = new ArrayList<>();
        Validator validator = schema.newValidator();
        validator.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        validator.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
        validator.setErrorHandler(new ErrorHandler() {
            @Override
            public void warning(SAXParseException fault) {
                faults.add(String.valueOf(fault.getMessage()));
            }

            @Override
            public void error(SAXParseException fault) {
                faults.add(String.valueOf(fault.getMessage()));
            }

            @Override
            public void fatalError(SAXParseException fault) {
                faults.add(String.valueOf(fault.getMessage()));
            }
        });
        validator.validate(new DOMSource(read(xml)));
        return faults;
    }
}
