// Made by "npm run gen" from tallyport/v1/batch.proto, tallyport/v1/receipt.proto. Changes are made there.
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError;

// Exported root namespace
const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const tallyport = $root.tallyport = (() => {

    /**
     * Namespace tallyport.
     * @exports tallyport
     * @namespace
     */
    const tallyport = {};

    tallyport.v1 = (function() {

        /**
         * Namespace v1.
         * @memberof tallyport
         * @namespace
         */
        const v1 = {};

        v1.Batch = (function() {

            /**
             * Properties of a Batch.
             * @typedef {Object} tallyport.v1.Batch.$Properties
             * @property {number|null} [format] Version of this format: 2. A decoder refuses what it does not know. 1 is the same without the columns that
             * say so.
             * @property {string|null} [site] Batch site
             * @property {string|null} [gateway] Batch gateway
             * @property {string|null} [epoch] The journal's id; sequence numbers count from 1 within it.
             * @property {number|Long|null} [firstSeq] The range, both included. A heartbeat has no events: first_seq is then last_seq + 1.
             * @property {number|Long|null} [lastSeq] Batch lastSeq
             * @property {tallyport.v1.Lane|null} [lane] Batch lane
             * @property {tallyport.v1.Accounts.$Properties|null} [accounts] Batch accounts
             * @property {tallyport.v1.Watermark.$Properties|null} [watermark] Batch watermark
             * @property {Array.<tallyport.v1.ShedRange.$Properties>|null} [shed] Parts of the range that carry no event, ascending and disjoint.
             * @property {tallyport.v1.EventColumns.$Properties|null} [events] The events of the rest of the range, in ascending order of sequence number.
             * @property {tallyport.v1.ScanColumns.$Properties|null} [scans] Batch scans
             * @property {tallyport.v1.PositionColumns.$Properties|null} [positions] Batch positions
             * @property {tallyport.v1.ReadingColumns.$Properties|null} [readings] Batch readings
             * @property {tallyport.v1.StatusColumns.$Properties|null} [statuses] Batch statuses
             * @property {tallyport.v1.RawColumns.$Properties|null} [raws] Batch raws
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Batch.
             * @memberof tallyport.v1
             * @interface IBatch
             * @augments tallyport.v1.Batch.$Properties
             * @deprecated Use tallyport.v1.Batch.$Properties instead.
             */

            /**
             * Shape of a Batch.
             * @typedef {tallyport.v1.Batch.$Properties} tallyport.v1.Batch.$Shape
             */

            /**
             * Constructs a new Batch.
             * @memberof tallyport.v1
             * @classdesc A contiguous range of one journal's sequence numbers: its events, what was shed of it, and how the
             * gateway's accounts stand.
             * @constructor
             * @param {tallyport.v1.Batch.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Batch = function (properties) {
                this.shed = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Version of this format: 2. A decoder refuses what it does not know. 1 is the same without the columns that
             * say so.
             * @member {number} format
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.format = 0;

            /**
             * Batch site.
             * @member {string} site
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.site = "";

            /**
             * Batch gateway.
             * @member {string} gateway
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.gateway = "";

            /**
             * The journal's id; sequence numbers count from 1 within it.
             * @member {string} epoch
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.epoch = "";

            /**
             * The range, both included. A heartbeat has no events: first_seq is then last_seq + 1.
             * @member {number|Long} firstSeq
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.firstSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Batch lastSeq.
             * @member {number|Long} lastSeq
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.lastSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Batch lane.
             * @member {tallyport.v1.Lane} lane
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.lane = 0;

            /**
             * Batch accounts.
             * @member {tallyport.v1.Accounts.$Properties|null|undefined} accounts
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.accounts = null;

            /**
             * Batch watermark.
             * @member {tallyport.v1.Watermark.$Properties|null|undefined} watermark
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.watermark = null;

            /**
             * Parts of the range that carry no event, ascending and disjoint.
             * @member {Array.<tallyport.v1.ShedRange.$Properties>} shed
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.shed = $util.emptyArray;

            /**
             * The events of the rest of the range, in ascending order of sequence number.
             * @member {tallyport.v1.EventColumns.$Properties|null|undefined} events
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.events = null;

            /**
             * Batch scans.
             * @member {tallyport.v1.ScanColumns.$Properties|null|undefined} scans
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.scans = null;

            /**
             * Batch positions.
             * @member {tallyport.v1.PositionColumns.$Properties|null|undefined} positions
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.positions = null;

            /**
             * Batch readings.
             * @member {tallyport.v1.ReadingColumns.$Properties|null|undefined} readings
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.readings = null;

            /**
             * Batch statuses.
             * @member {tallyport.v1.StatusColumns.$Properties|null|undefined} statuses
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.statuses = null;

            /**
             * Batch raws.
             * @member {tallyport.v1.RawColumns.$Properties|null|undefined} raws
             * @memberof tallyport.v1.Batch
             * @instance
             */
            Batch.prototype.raws = null;

            /**
             * Encodes the specified Batch message. Does not implicitly {@link tallyport.v1.Batch.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.Batch
             * @static
             * @param {tallyport.v1.Batch.$Properties} message Batch message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Batch.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.format != null && $Object.hasOwnProperty.call(message, "format") && message.format !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.format);
                if (message.site != null && $Object.hasOwnProperty.call(message, "site") && message.site !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.site);
                if (message.gateway != null && $Object.hasOwnProperty.call(message, "gateway") && message.gateway !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.gateway);
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && message.epoch !== "")
                    writer.uint32(/* id 4, wireType 2 =*/34).string(message.epoch);
                if (message.firstSeq != null && $Object.hasOwnProperty.call(message, "firstSeq") && (typeof message.firstSeq === "object" ? message.firstSeq.low || message.firstSeq.high : message.firstSeq !== 0))
                    writer.uint32(/* id 5, wireType 0 =*/40).uint64(message.firstSeq);
                if (message.lastSeq != null && $Object.hasOwnProperty.call(message, "lastSeq") && (typeof message.lastSeq === "object" ? message.lastSeq.low || message.lastSeq.high : message.lastSeq !== 0))
                    writer.uint32(/* id 6, wireType 0 =*/48).uint64(message.lastSeq);
                if (message.lane != null && $Object.hasOwnProperty.call(message, "lane") && message.lane !== 0)
                    writer.uint32(/* id 7, wireType 0 =*/56).int32(message.lane);
                if (message.accounts != null && $Object.hasOwnProperty.call(message, "accounts"))
                    $root.tallyport.v1.Accounts.encode(message.accounts, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.watermark != null && $Object.hasOwnProperty.call(message, "watermark"))
                    $root.tallyport.v1.Watermark.encode(message.watermark, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                if (message.shed != null && message.shed.length)
                    for (let i = 0; i < message.shed.length; ++i)
                        $root.tallyport.v1.ShedRange.encode(message.shed[i], writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                if (message.events != null && $Object.hasOwnProperty.call(message, "events"))
                    $root.tallyport.v1.EventColumns.encode(message.events, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
                if (message.scans != null && $Object.hasOwnProperty.call(message, "scans"))
                    $root.tallyport.v1.ScanColumns.encode(message.scans, writer.uint32(/* id 12, wireType 2 =*/98).fork(), _depth + 1).ldelim();
                if (message.positions != null && $Object.hasOwnProperty.call(message, "positions"))
                    $root.tallyport.v1.PositionColumns.encode(message.positions, writer.uint32(/* id 13, wireType 2 =*/106).fork(), _depth + 1).ldelim();
                if (message.readings != null && $Object.hasOwnProperty.call(message, "readings"))
                    $root.tallyport.v1.ReadingColumns.encode(message.readings, writer.uint32(/* id 14, wireType 2 =*/114).fork(), _depth + 1).ldelim();
                if (message.statuses != null && $Object.hasOwnProperty.call(message, "statuses"))
                    $root.tallyport.v1.StatusColumns.encode(message.statuses, writer.uint32(/* id 15, wireType 2 =*/122).fork(), _depth + 1).ldelim();
                if (message.raws != null && $Object.hasOwnProperty.call(message, "raws"))
                    $root.tallyport.v1.RawColumns.encode(message.raws, writer.uint32(/* id 16, wireType 2 =*/130).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Batch message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.Batch
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.Batch & tallyport.v1.Batch.$Shape} Batch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Batch.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.Batch();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.format = value;
                            else
                                delete message.format;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.site = value;
                            else
                                delete message.site;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.gateway = value;
                            else
                                delete message.gateway;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.epoch = value;
                            else
                                delete message.epoch;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.firstSeq = value;
                            else
                                delete message.firstSeq;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.lastSeq = value;
                            else
                                delete message.lastSeq;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.lane = value;
                            else
                                delete message.lane;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.accounts = $root.tallyport.v1.Accounts.decode(reader, reader.size(), $undefined, _depth + 1, message.accounts);
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.watermark = $root.tallyport.v1.Watermark.decode(reader, reader.size(), $undefined, _depth + 1, message.watermark);
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            if (!(message.shed && message.shed.length))
                                message.shed = [];
                            message.shed.push($root.tallyport.v1.ShedRange.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            message.events = $root.tallyport.v1.EventColumns.decode(reader, reader.size(), $undefined, _depth + 1, message.events);
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            message.scans = $root.tallyport.v1.ScanColumns.decode(reader, reader.size(), $undefined, _depth + 1, message.scans);
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            message.positions = $root.tallyport.v1.PositionColumns.decode(reader, reader.size(), $undefined, _depth + 1, message.positions);
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            message.readings = $root.tallyport.v1.ReadingColumns.decode(reader, reader.size(), $undefined, _depth + 1, message.readings);
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            message.statuses = $root.tallyport.v1.StatusColumns.decode(reader, reader.size(), $undefined, _depth + 1, message.statuses);
                            continue;
                        }
                    case 16: {
                            if (wireType !== 2)
                                break;
                            message.raws = $root.tallyport.v1.RawColumns.decode(reader, reader.size(), $undefined, _depth + 1, message.raws);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Batch;
        })();

        /**
         * Which share of the link the batch travelled on.
         * @name tallyport.v1.Lane
         * @enum {number}
         * @property {number} LANE_UNSPECIFIED=0 LANE_UNSPECIFIED value
         * @property {number} LANE_FRESH=1 LANE_FRESH value
         * @property {number} LANE_BACKLOG=2 LANE_BACKLOG value
         */
        v1.Lane = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "LANE_UNSPECIFIED"] = 0;
            values[valuesById[1] = "LANE_FRESH"] = 1;
            values[valuesById[2] = "LANE_BACKLOG"] = 2;
            return values;
        })();

        v1.Accounts = (function() {

            /**
             * Properties of an Accounts.
             * @typedef {Object} tallyport.v1.Accounts.$Properties
             * @property {number|Long|null} [received] Events that came out of decode, since the journal was made.
             * @property {Object.<string,number|Long>|null} [filtered] Events that a filter rule removed, by the rule's name.
             * @property {number|Long|null} [headSeq] The highest sequence number given to a kept event.
             * @property {number|Long|null} [stored] Kept events that a JetStream acknowledged.
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an Accounts.
             * @memberof tallyport.v1
             * @interface IAccounts
             * @augments tallyport.v1.Accounts.$Properties
             * @deprecated Use tallyport.v1.Accounts.$Properties instead.
             */

            /**
             * Shape of an Accounts.
             * @typedef {tallyport.v1.Accounts.$Properties} tallyport.v1.Accounts.$Shape
             */

            /**
             * Constructs a new Accounts.
             * @memberof tallyport.v1
             * @classdesc The gateway's accounts of this epoch when the batch was made (G4):
             * received = head_seq + the sum of filtered.
             * @constructor
             * @param {tallyport.v1.Accounts.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Accounts = function (properties) {
                this.filtered = {};
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Events that came out of decode, since the journal was made.
             * @member {number|Long} received
             * @memberof tallyport.v1.Accounts
             * @instance
             */
            Accounts.prototype.received = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Events that a filter rule removed, by the rule's name.
             * @member {Object.<string,number|Long>} filtered
             * @memberof tallyport.v1.Accounts
             * @instance
             */
            Accounts.prototype.filtered = $util.emptyObject;

            /**
             * The highest sequence number given to a kept event.
             * @member {number|Long} headSeq
             * @memberof tallyport.v1.Accounts
             * @instance
             */
            Accounts.prototype.headSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Kept events that a JetStream acknowledged.
             * @member {number|Long} stored
             * @memberof tallyport.v1.Accounts
             * @instance
             */
            Accounts.prototype.stored = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Encodes the specified Accounts message. Does not implicitly {@link tallyport.v1.Accounts.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.Accounts
             * @static
             * @param {tallyport.v1.Accounts.$Properties} message Accounts message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Accounts.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.received != null && $Object.hasOwnProperty.call(message, "received") && (typeof message.received === "object" ? message.received.low || message.received.high : message.received !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.received);
                if (message.filtered != null && $Object.hasOwnProperty.call(message, "filtered"))
                    for (let keys = $Object.keys(message.filtered), i = 0; i < keys.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).fork().uint32(/* id 1, wireType 2 =*/10).string(keys[i]).uint32(/* id 2, wireType 0 =*/16).uint64(message.filtered[keys[i]]).ldelim();
                if (message.headSeq != null && $Object.hasOwnProperty.call(message, "headSeq") && (typeof message.headSeq === "object" ? message.headSeq.low || message.headSeq.high : message.headSeq !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).uint64(message.headSeq);
                if (message.stored != null && $Object.hasOwnProperty.call(message, "stored") && (typeof message.stored === "object" ? message.stored.low || message.stored.high : message.stored !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.stored);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an Accounts message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.Accounts
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.Accounts & tallyport.v1.Accounts.$Shape} Accounts
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Accounts.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, key, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.Accounts();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.received = value;
                            else
                                delete message.received;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (message.filtered === $util.emptyObject)
                                message.filtered = {};
                            let end2 = reader.size() + reader.pos;
                            if (end2 > reader.len)
                                throw $RangeError("index out of range");
                            reader.len = end2;
                            key = "";
                            value = $util.Long ? $util.Long.fromNumber(0, true) : 0;
                            while (reader.pos < end2) {
                                let tag2 = reader.tag();
                                wireType = tag2 & 7;
                                switch (tag2 >>>= 3) {
                                case 1:
                                    if (wireType !== 2)
                                        break;
                                    key = reader.stringVerify();
                                    continue;
                                case 2:
                                    if (wireType !== 0)
                                        break;
                                    value = reader.uint64();
                                    continue;
                                }
                                reader.skipType(wireType, _depth, tag2);
                            }
                            if (reader.pos !== end2)
                                throw $RangeError("index out of range");
                            reader.len = end;
                            if (key === "__proto__")
                                $util.makeProp(message.filtered, key);
                            message.filtered[key] = value;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.headSeq = value;
                            else
                                delete message.headSeq;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.stored = value;
                            else
                                delete message.stored;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Accounts;
        })();

        v1.Watermark = (function() {

            /**
             * Properties of a Watermark.
             * @typedef {Object} tallyport.v1.Watermark.$Properties
             * @property {number|Long|null} [seq] Watermark seq
             * @property {number|Long|null} [timeMs] Milliseconds since 1970-01-01T00:00:00Z by the gateway's clock.
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a Watermark.
             * @memberof tallyport.v1
             * @interface IWatermark
             * @augments tallyport.v1.Watermark.$Properties
             * @deprecated Use tallyport.v1.Watermark.$Properties instead.
             */

            /**
             * Shape of a Watermark.
             * @typedef {tallyport.v1.Watermark.$Properties} tallyport.v1.Watermark.$Shape
             */

            /**
             * Constructs a new Watermark.
             * @memberof tallyport.v1
             * @classdesc The claim "every event that this gateway received before `time_ms` has a sequence number below `seq`"
             * (G12). It holds from when the batch was made, for ever; the cloud is complete up to `time_ms` once it
             * has applied every sequence number below `seq`.
             * @constructor
             * @param {tallyport.v1.Watermark.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const Watermark = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Watermark seq.
             * @member {number|Long} seq
             * @memberof tallyport.v1.Watermark
             * @instance
             */
            Watermark.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Milliseconds since 1970-01-01T00:00:00Z by the gateway's clock.
             * @member {number|Long} timeMs
             * @memberof tallyport.v1.Watermark
             * @instance
             */
            Watermark.prototype.timeMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Encodes the specified Watermark message. Does not implicitly {@link tallyport.v1.Watermark.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.Watermark
             * @static
             * @param {tallyport.v1.Watermark.$Properties} message Watermark message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            Watermark.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.seq);
                if (message.timeMs != null && $Object.hasOwnProperty.call(message, "timeMs") && (typeof message.timeMs === "object" ? message.timeMs.low || message.timeMs.high : message.timeMs !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.timeMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a Watermark message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.Watermark
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.Watermark & tallyport.v1.Watermark.$Shape} Watermark
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            Watermark.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.Watermark();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.seq = value;
                            else
                                delete message.seq;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.timeMs = value;
                            else
                                delete message.timeMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return Watermark;
        })();

        v1.ShedRange = (function() {

            /**
             * Properties of a ShedRange.
             * @typedef {Object} tallyport.v1.ShedRange.$Properties
             * @property {number|Long|null} [firstSeq] ShedRange firstSeq
             * @property {number|Long|null} [lastSeq] ShedRange lastSeq
             * @property {string|null} [reason] ShedRange reason
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ShedRange.
             * @memberof tallyport.v1
             * @interface IShedRange
             * @augments tallyport.v1.ShedRange.$Properties
             * @deprecated Use tallyport.v1.ShedRange.$Properties instead.
             */

            /**
             * Shape of a ShedRange.
             * @typedef {tallyport.v1.ShedRange.$Properties} tallyport.v1.ShedRange.$Shape
             */

            /**
             * Constructs a new ShedRange.
             * @memberof tallyport.v1
             * @classdesc Sequence numbers whose events the gateway gave up, with the reason.
             * @constructor
             * @param {tallyport.v1.ShedRange.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ShedRange = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ShedRange firstSeq.
             * @member {number|Long} firstSeq
             * @memberof tallyport.v1.ShedRange
             * @instance
             */
            ShedRange.prototype.firstSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ShedRange lastSeq.
             * @member {number|Long} lastSeq
             * @memberof tallyport.v1.ShedRange
             * @instance
             */
            ShedRange.prototype.lastSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * ShedRange reason.
             * @member {string} reason
             * @memberof tallyport.v1.ShedRange
             * @instance
             */
            ShedRange.prototype.reason = "";

            /**
             * Encodes the specified ShedRange message. Does not implicitly {@link tallyport.v1.ShedRange.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.ShedRange
             * @static
             * @param {tallyport.v1.ShedRange.$Properties} message ShedRange message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ShedRange.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.firstSeq != null && $Object.hasOwnProperty.call(message, "firstSeq") && (typeof message.firstSeq === "object" ? message.firstSeq.low || message.firstSeq.high : message.firstSeq !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.firstSeq);
                if (message.lastSeq != null && $Object.hasOwnProperty.call(message, "lastSeq") && (typeof message.lastSeq === "object" ? message.lastSeq.low || message.lastSeq.high : message.lastSeq !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.lastSeq);
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== "")
                    writer.uint32(/* id 3, wireType 2 =*/26).string(message.reason);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ShedRange message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.ShedRange
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.ShedRange & tallyport.v1.ShedRange.$Shape} ShedRange
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ShedRange.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.ShedRange();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.firstSeq = value;
                            else
                                delete message.firstSeq;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.lastSeq = value;
                            else
                                delete message.lastSeq;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ShedRange;
        })();

        v1.EventColumns = (function() {

            /**
             * Properties of an EventColumns.
             * @typedef {Object} tallyport.v1.EventColumns.$Properties
             * @property {number|null} [count] EventColumns count
             * @property {Uint8Array|null} [kind] uint: 0 scan, 1 position, 2 reading, 3 status, 4 raw.
             * @property {tallyport.v1.StringColumn.$Properties|null} [device] EventColumns device
             * @property {number|Long|null} [baseTimeMs] Receive time of the first event, milliseconds since 1970-01-01T00:00:00Z.
             * @property {Uint8Array|null} [receiveTime] int: milliseconds since the receive time of the event before.
             * @property {Uint8Array|null} [attributeCount] uint: how many attributes the event has; its rows of the next two columns.
             * @property {tallyport.v1.StringColumn.$Properties|null} [attributeKey] EventColumns attributeKey
             * @property {tallyport.v1.StringColumn.$Properties|null} [attributeValue] EventColumns attributeValue
             * @property {Array.<tallyport.v1.ClockReading.$Properties>|null} [clockReading] What the gateway's clocks said, each once, in the order of first use.
             * @property {Uint8Array|null} [clock] uint: 0 the gateway did not tell, else 1 + the reading, counted from 0.
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an EventColumns.
             * @memberof tallyport.v1
             * @interface IEventColumns
             * @augments tallyport.v1.EventColumns.$Properties
             * @deprecated Use tallyport.v1.EventColumns.$Properties instead.
             */

            /**
             * Shape of an EventColumns.
             * @typedef {tallyport.v1.EventColumns.$Properties} tallyport.v1.EventColumns.$Shape
             */

            /**
             * Constructs a new EventColumns.
             * @memberof tallyport.v1
             * @classdesc What every event has, one row an event, all kinds.
             * @constructor
             * @param {tallyport.v1.EventColumns.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const EventColumns = function (properties) {
                this.clockReading = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * EventColumns count.
             * @member {number} count
             * @memberof tallyport.v1.EventColumns
             * @instance
             */
            EventColumns.prototype.count = 0;

            /**
             * uint: 0 scan, 1 position, 2 reading, 3 status, 4 raw.
             * @member {Uint8Array} kind
             * @memberof tallyport.v1.EventColumns
             * @instance
             */
            EventColumns.prototype.kind = $util.newBuffer([]);

            /**
             * EventColumns device.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} device
             * @memberof tallyport.v1.EventColumns
             * @instance
             */
            EventColumns.prototype.device = null;

            /**
             * Receive time of the first event, milliseconds since 1970-01-01T00:00:00Z.
             * @member {number|Long} baseTimeMs
             * @memberof tallyport.v1.EventColumns
             * @instance
             */
            EventColumns.prototype.baseTimeMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * int: milliseconds since the receive time of the event before.
             * @member {Uint8Array} receiveTime
             * @memberof tallyport.v1.EventColumns
             * @instance
             */
            EventColumns.prototype.receiveTime = $util.newBuffer([]);

            /**
             * uint: how many attributes the event has; its rows of the next two columns.
             * @member {Uint8Array} attributeCount
             * @memberof tallyport.v1.EventColumns
             * @instance
             */
            EventColumns.prototype.attributeCount = $util.newBuffer([]);

            /**
             * EventColumns attributeKey.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} attributeKey
             * @memberof tallyport.v1.EventColumns
             * @instance
             */
            EventColumns.prototype.attributeKey = null;

            /**
             * EventColumns attributeValue.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} attributeValue
             * @memberof tallyport.v1.EventColumns
             * @instance
             */
            EventColumns.prototype.attributeValue = null;

            /**
             * What the gateway's clocks said, each once, in the order of first use.
             * @member {Array.<tallyport.v1.ClockReading.$Properties>} clockReading
             * @memberof tallyport.v1.EventColumns
             * @instance
             */
            EventColumns.prototype.clockReading = $util.emptyArray;

            /**
             * uint: 0 the gateway did not tell, else 1 + the reading, counted from 0.
             * @member {Uint8Array} clock
             * @memberof tallyport.v1.EventColumns
             * @instance
             */
            EventColumns.prototype.clock = $util.newBuffer([]);

            /**
             * Encodes the specified EventColumns message. Does not implicitly {@link tallyport.v1.EventColumns.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.EventColumns
             * @static
             * @param {tallyport.v1.EventColumns.$Properties} message EventColumns message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            EventColumns.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.count);
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.kind);
                if (message.device != null && $Object.hasOwnProperty.call(message, "device"))
                    $root.tallyport.v1.StringColumn.encode(message.device, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.baseTimeMs != null && $Object.hasOwnProperty.call(message, "baseTimeMs") && (typeof message.baseTimeMs === "object" ? message.baseTimeMs.low || message.baseTimeMs.high : message.baseTimeMs !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).uint64(message.baseTimeMs);
                if (message.receiveTime != null && $Object.hasOwnProperty.call(message, "receiveTime") && message.receiveTime.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.receiveTime);
                if (message.attributeCount != null && $Object.hasOwnProperty.call(message, "attributeCount") && message.attributeCount.length)
                    writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.attributeCount);
                if (message.attributeKey != null && $Object.hasOwnProperty.call(message, "attributeKey"))
                    $root.tallyport.v1.StringColumn.encode(message.attributeKey, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.attributeValue != null && $Object.hasOwnProperty.call(message, "attributeValue"))
                    $root.tallyport.v1.StringColumn.encode(message.attributeValue, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.clockReading != null && message.clockReading.length)
                    for (let i = 0; i < message.clockReading.length; ++i)
                        $root.tallyport.v1.ClockReading.encode(message.clockReading[i], writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                if (message.clock != null && $Object.hasOwnProperty.call(message, "clock") && message.clock.length)
                    writer.uint32(/* id 10, wireType 2 =*/82).bytes(message.clock);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an EventColumns message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.EventColumns
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.EventColumns & tallyport.v1.EventColumns.$Shape} EventColumns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            EventColumns.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.EventColumns();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.count = value;
                            else
                                delete message.count;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.device = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.device);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.baseTimeMs = value;
                            else
                                delete message.baseTimeMs;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.receiveTime = value;
                            else
                                delete message.receiveTime;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.attributeCount = value;
                            else
                                delete message.attributeCount;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.attributeKey = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.attributeKey);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.attributeValue = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.attributeValue);
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if (!(message.clockReading && message.clockReading.length))
                                message.clockReading = [];
                            message.clockReading.push($root.tallyport.v1.ClockReading.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.clock = value;
                            else
                                delete message.clock;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return EventColumns;
        })();

        v1.ClockReading = (function() {

            /**
             * Properties of a ClockReading.
             * @typedef {Object} tallyport.v1.ClockReading.$Properties
             * @property {string|null} [bootId] The first 48 bits of the kernel's boot id, as 12 lower-case hexadecimal digits.
             * @property {number|null} [trust] 1 synced: a time source had confirmed the wall clock in this boot; 2 holdover: plausible, not confirmed;
             * 3 unset: known to be wrong.
             * @property {number|Long|null} [offsetMs] The wall clock as it was read, less the monotonic clock.
             * @property {number|Long|null} [correctionMs] What the receive time is more than the wall clock said; 0 when it is what it said.
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ClockReading.
             * @memberof tallyport.v1
             * @interface IClockReading
             * @augments tallyport.v1.ClockReading.$Properties
             * @deprecated Use tallyport.v1.ClockReading.$Properties instead.
             */

            /**
             * Shape of a ClockReading.
             * @typedef {tallyport.v1.ClockReading.$Properties} tallyport.v1.ClockReading.$Shape
             */

            /**
             * Constructs a new ClockReading.
             * @memberof tallyport.v1
             * @classdesc How the gateway's wall clock stood to its monotonic one, for all events between two changes of it (G10).
             * An event's monotonic time, in milliseconds since the boot, is receive time - correction_ms - offset_ms.
             * @constructor
             * @param {tallyport.v1.ClockReading.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ClockReading = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * The first 48 bits of the kernel's boot id, as 12 lower-case hexadecimal digits.
             * @member {string} bootId
             * @memberof tallyport.v1.ClockReading
             * @instance
             */
            ClockReading.prototype.bootId = "";

            /**
             * 1 synced: a time source had confirmed the wall clock in this boot; 2 holdover: plausible, not confirmed;
             * 3 unset: known to be wrong.
             * @member {number} trust
             * @memberof tallyport.v1.ClockReading
             * @instance
             */
            ClockReading.prototype.trust = 0;

            /**
             * The wall clock as it was read, less the monotonic clock.
             * @member {number|Long} offsetMs
             * @memberof tallyport.v1.ClockReading
             * @instance
             */
            ClockReading.prototype.offsetMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * What the receive time is more than the wall clock said; 0 when it is what it said.
             * @member {number|Long} correctionMs
             * @memberof tallyport.v1.ClockReading
             * @instance
             */
            ClockReading.prototype.correctionMs = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

            /**
             * Encodes the specified ClockReading message. Does not implicitly {@link tallyport.v1.ClockReading.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.ClockReading
             * @static
             * @param {tallyport.v1.ClockReading.$Properties} message ClockReading message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ClockReading.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.bootId != null && $Object.hasOwnProperty.call(message, "bootId") && message.bootId !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.bootId);
                if (message.trust != null && $Object.hasOwnProperty.call(message, "trust") && message.trust !== 0)
                    writer.uint32(/* id 2, wireType 0 =*/16).uint32(message.trust);
                if (message.offsetMs != null && $Object.hasOwnProperty.call(message, "offsetMs") && (typeof message.offsetMs === "object" ? message.offsetMs.low || message.offsetMs.high : message.offsetMs !== 0))
                    writer.uint32(/* id 3, wireType 0 =*/24).sint64(message.offsetMs);
                if (message.correctionMs != null && $Object.hasOwnProperty.call(message, "correctionMs") && (typeof message.correctionMs === "object" ? message.correctionMs.low || message.correctionMs.high : message.correctionMs !== 0))
                    writer.uint32(/* id 4, wireType 0 =*/32).sint64(message.correctionMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ClockReading message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.ClockReading
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.ClockReading & tallyport.v1.ClockReading.$Shape} ClockReading
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ClockReading.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.ClockReading();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.bootId = value;
                            else
                                delete message.bootId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.trust = value;
                            else
                                delete message.trust;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.sint64()) === "object" ? value.low || value.high : value !== 0)
                                message.offsetMs = value;
                            else
                                delete message.offsetMs;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.sint64()) === "object" ? value.low || value.high : value !== 0)
                                message.correctionMs = value;
                            else
                                delete message.correctionMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ClockReading;
        })();

        v1.TimeColumns = (function() {

            /**
             * Properties of a TimeColumns.
             * @typedef {Object} tallyport.v1.TimeColumns.$Properties
             * @property {number|null} [unitMs] Unit of `lag`, milliseconds. 0 is 1.
             * @property {Uint8Array|null} [lag] int: (receive time / unit_ms, rounded down) - (event time / unit_ms). Not looked at where the
             * quality is `receive`, whose event time is the receive time.
             * @property {Uint8Array|null} [quality] uint: 0 device, 1 receive, 2 implausible.
             * @property {Uint8Array|null} [utcOffset] uint: 0 none, else 1 + zigzag of the minutes east of UTC.
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a TimeColumns.
             * @memberof tallyport.v1
             * @interface ITimeColumns
             * @augments tallyport.v1.TimeColumns.$Properties
             * @deprecated Use tallyport.v1.TimeColumns.$Properties instead.
             */

            /**
             * Shape of a TimeColumns.
             * @typedef {tallyport.v1.TimeColumns.$Properties} tallyport.v1.TimeColumns.$Shape
             */

            /**
             * Constructs a new TimeColumns.
             * @memberof tallyport.v1
             * @classdesc When an event happened, one row an event of the kind.
             * @constructor
             * @param {tallyport.v1.TimeColumns.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const TimeColumns = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * Unit of `lag`, milliseconds. 0 is 1.
             * @member {number} unitMs
             * @memberof tallyport.v1.TimeColumns
             * @instance
             */
            TimeColumns.prototype.unitMs = 0;

            /**
             * int: (receive time / unit_ms, rounded down) - (event time / unit_ms). Not looked at where the
             * quality is `receive`, whose event time is the receive time.
             * @member {Uint8Array} lag
             * @memberof tallyport.v1.TimeColumns
             * @instance
             */
            TimeColumns.prototype.lag = $util.newBuffer([]);

            /**
             * uint: 0 device, 1 receive, 2 implausible.
             * @member {Uint8Array} quality
             * @memberof tallyport.v1.TimeColumns
             * @instance
             */
            TimeColumns.prototype.quality = $util.newBuffer([]);

            /**
             * uint: 0 none, else 1 + zigzag of the minutes east of UTC.
             * @member {Uint8Array} utcOffset
             * @memberof tallyport.v1.TimeColumns
             * @instance
             */
            TimeColumns.prototype.utcOffset = $util.newBuffer([]);

            /**
             * Encodes the specified TimeColumns message. Does not implicitly {@link tallyport.v1.TimeColumns.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.TimeColumns
             * @static
             * @param {tallyport.v1.TimeColumns.$Properties} message TimeColumns message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            TimeColumns.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.unitMs != null && $Object.hasOwnProperty.call(message, "unitMs") && message.unitMs !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.unitMs);
                if (message.lag != null && $Object.hasOwnProperty.call(message, "lag") && message.lag.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.lag);
                if (message.quality != null && $Object.hasOwnProperty.call(message, "quality") && message.quality.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.quality);
                if (message.utcOffset != null && $Object.hasOwnProperty.call(message, "utcOffset") && message.utcOffset.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.utcOffset);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a TimeColumns message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.TimeColumns
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.TimeColumns & tallyport.v1.TimeColumns.$Shape} TimeColumns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            TimeColumns.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.TimeColumns();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.unitMs = value;
                            else
                                delete message.unitMs;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.lag = value;
                            else
                                delete message.lag;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.quality = value;
                            else
                                delete message.quality;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.utcOffset = value;
                            else
                                delete message.utcOffset;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TimeColumns;
        })();

        v1.StringColumn = (function() {

            /**
             * Properties of a StringColumn.
             * @typedef {Object} tallyport.v1.StringColumn.$Properties
             * @property {tallyport.v1.TextColumn.$Properties|null} [values] The vocabulary, each value once, in the order of first use.
             * @property {Uint8Array|null} [row] StringColumn row
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a StringColumn.
             * @memberof tallyport.v1
             * @interface IStringColumn
             * @augments tallyport.v1.StringColumn.$Properties
             * @deprecated Use tallyport.v1.StringColumn.$Properties instead.
             */

            /**
             * Shape of a StringColumn.
             * @typedef {tallyport.v1.StringColumn.$Properties} tallyport.v1.StringColumn.$Shape
             */

            /**
             * Constructs a new StringColumn.
             * @memberof tallyport.v1
             * @classdesc Text from a small vocabulary. Rows, uint each:
             * 0      the value of the same device's row before (in a column without devices: of the row before);
             * absent, if there is none
             * 1      absent
             * 2      the first value that no row before has named
             * k + 3  value k, counted from 0
             * @constructor
             * @param {tallyport.v1.StringColumn.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const StringColumn = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * The vocabulary, each value once, in the order of first use.
             * @member {tallyport.v1.TextColumn.$Properties|null|undefined} values
             * @memberof tallyport.v1.StringColumn
             * @instance
             */
            StringColumn.prototype.values = null;

            /**
             * StringColumn row.
             * @member {Uint8Array} row
             * @memberof tallyport.v1.StringColumn
             * @instance
             */
            StringColumn.prototype.row = $util.newBuffer([]);

            /**
             * Encodes the specified StringColumn message. Does not implicitly {@link tallyport.v1.StringColumn.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.StringColumn
             * @static
             * @param {tallyport.v1.StringColumn.$Properties} message StringColumn message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            StringColumn.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.values != null && $Object.hasOwnProperty.call(message, "values"))
                    $root.tallyport.v1.TextColumn.encode(message.values, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.row != null && $Object.hasOwnProperty.call(message, "row") && message.row.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.row);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a StringColumn message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.StringColumn
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.StringColumn & tallyport.v1.StringColumn.$Shape} StringColumn
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            StringColumn.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.StringColumn();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.values = $root.tallyport.v1.TextColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.values);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.row = value;
                            else
                                delete message.row;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return StringColumn;
        })();

        v1.TextColumn = (function() {

            /**
             * Properties of a TextColumn.
             * @typedef {Object} tallyport.v1.TextColumn.$Properties
             * @property {Array.<string>|null} [prefix] One entry a pattern, in the order of first use.
             * @property {Array.<string>|null} [suffix] TextColumn suffix
             * @property {Uint8Array|null} [width] uint: 0 the text is the prefix alone; 1 a number without leading zeros; w + 1 exactly w digits
             * (2 to 15).
             * @property {Uint8Array|null} [check] uint: 0 none; 1 a GS1 check digit over the decimal digits before it, back to the first character
             * that is none; 2 a UPU S10 check digit over the eight digits before it.
             * @property {Uint8Array|null} [row] One row a text; uint: 0 the first pattern that no row before has named, else 1 + the pattern.
             * @property {Uint8Array|null} [number] One entry a row whose pattern has a number; int: the number less that of the row before with the
             * same pattern (less 0 for the first).
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a TextColumn.
             * @memberof tallyport.v1
             * @interface ITextColumn
             * @augments tallyport.v1.TextColumn.$Properties
             * @deprecated Use tallyport.v1.TextColumn.$Properties instead.
             */

            /**
             * Shape of a TextColumn.
             * @typedef {tallyport.v1.TextColumn.$Properties} tallyport.v1.TextColumn.$Shape
             */

            /**
             * Constructs a new TextColumn.
             * @memberof tallyport.v1
             * @classdesc Text as pattern and number: prefix, decimal digits, check digits, suffix.
             * @constructor
             * @param {tallyport.v1.TextColumn.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const TextColumn = function (properties) {
                this.prefix = [];
                this.suffix = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * One entry a pattern, in the order of first use.
             * @member {Array.<string>} prefix
             * @memberof tallyport.v1.TextColumn
             * @instance
             */
            TextColumn.prototype.prefix = $util.emptyArray;

            /**
             * TextColumn suffix.
             * @member {Array.<string>} suffix
             * @memberof tallyport.v1.TextColumn
             * @instance
             */
            TextColumn.prototype.suffix = $util.emptyArray;

            /**
             * uint: 0 the text is the prefix alone; 1 a number without leading zeros; w + 1 exactly w digits
             * (2 to 15).
             * @member {Uint8Array} width
             * @memberof tallyport.v1.TextColumn
             * @instance
             */
            TextColumn.prototype.width = $util.newBuffer([]);

            /**
             * uint: 0 none; 1 a GS1 check digit over the decimal digits before it, back to the first character
             * that is none; 2 a UPU S10 check digit over the eight digits before it.
             * @member {Uint8Array} check
             * @memberof tallyport.v1.TextColumn
             * @instance
             */
            TextColumn.prototype.check = $util.newBuffer([]);

            /**
             * One row a text; uint: 0 the first pattern that no row before has named, else 1 + the pattern.
             * @member {Uint8Array} row
             * @memberof tallyport.v1.TextColumn
             * @instance
             */
            TextColumn.prototype.row = $util.newBuffer([]);

            /**
             * One entry a row whose pattern has a number; int: the number less that of the row before with the
             * same pattern (less 0 for the first).
             * @member {Uint8Array} number
             * @memberof tallyport.v1.TextColumn
             * @instance
             */
            TextColumn.prototype.number = $util.newBuffer([]);

            /**
             * Encodes the specified TextColumn message. Does not implicitly {@link tallyport.v1.TextColumn.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.TextColumn
             * @static
             * @param {tallyport.v1.TextColumn.$Properties} message TextColumn message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            TextColumn.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.prefix != null && message.prefix.length)
                    for (let i = 0; i < message.prefix.length; ++i)
                        writer.uint32(/* id 1, wireType 2 =*/10).string(message.prefix[i]);
                if (message.suffix != null && message.suffix.length)
                    for (let i = 0; i < message.suffix.length; ++i)
                        writer.uint32(/* id 2, wireType 2 =*/18).string(message.suffix[i]);
                if (message.width != null && $Object.hasOwnProperty.call(message, "width") && message.width.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.width);
                if (message.check != null && $Object.hasOwnProperty.call(message, "check") && message.check.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.check);
                if (message.row != null && $Object.hasOwnProperty.call(message, "row") && message.row.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.row);
                if (message.number != null && $Object.hasOwnProperty.call(message, "number") && message.number.length)
                    writer.uint32(/* id 6, wireType 2 =*/50).bytes(message.number);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a TextColumn message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.TextColumn
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.TextColumn & tallyport.v1.TextColumn.$Shape} TextColumn
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            TextColumn.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.TextColumn();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.prefix && message.prefix.length))
                                message.prefix = [];
                            message.prefix.push(reader.stringVerify());
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.suffix && message.suffix.length))
                                message.suffix = [];
                            message.suffix.push(reader.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.width = value;
                            else
                                delete message.width;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.check = value;
                            else
                                delete message.check;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.row = value;
                            else
                                delete message.row;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.number = value;
                            else
                                delete message.number;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return TextColumn;
        })();

        v1.NumberColumn = (function() {

            /**
             * Properties of a NumberColumn.
             * @typedef {Object} tallyport.v1.NumberColumn.$Properties
             * @property {number|null} [scale] NumberColumn scale
             * @property {Uint8Array|null} [row] NumberColumn row
             * @property {Uint8Array|null} [exact] IEEE 754 doubles, little-endian.
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a NumberColumn.
             * @memberof tallyport.v1
             * @interface INumberColumn
             * @augments tallyport.v1.NumberColumn.$Properties
             * @deprecated Use tallyport.v1.NumberColumn.$Properties instead.
             */

            /**
             * Shape of a NumberColumn.
             * @typedef {tallyport.v1.NumberColumn.$Properties} tallyport.v1.NumberColumn.$Shape
             */

            /**
             * Constructs a new NumberColumn.
             * @memberof tallyport.v1
             * @classdesc Numbers, bit for bit. Rows, uint each:
             * 0      absent
             * 1      the next of `exact`
             * n + 2  zigzag n + the prediction, divided by 10 to the power of `scale`
             * The prediction is 0 in an absolute column. In a device column it is the last such (undivided) value of
             * the same device, else the last of the column, else 0. Values of `exact` do not count.
             * @constructor
             * @param {tallyport.v1.NumberColumn.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const NumberColumn = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * NumberColumn scale.
             * @member {number} scale
             * @memberof tallyport.v1.NumberColumn
             * @instance
             */
            NumberColumn.prototype.scale = 0;

            /**
             * NumberColumn row.
             * @member {Uint8Array} row
             * @memberof tallyport.v1.NumberColumn
             * @instance
             */
            NumberColumn.prototype.row = $util.newBuffer([]);

            /**
             * IEEE 754 doubles, little-endian.
             * @member {Uint8Array} exact
             * @memberof tallyport.v1.NumberColumn
             * @instance
             */
            NumberColumn.prototype.exact = $util.newBuffer([]);

            /**
             * Encodes the specified NumberColumn message. Does not implicitly {@link tallyport.v1.NumberColumn.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.NumberColumn
             * @static
             * @param {tallyport.v1.NumberColumn.$Properties} message NumberColumn message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            NumberColumn.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.scale != null && $Object.hasOwnProperty.call(message, "scale") && message.scale !== 0)
                    writer.uint32(/* id 1, wireType 0 =*/8).uint32(message.scale);
                if (message.row != null && $Object.hasOwnProperty.call(message, "row") && message.row.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.row);
                if (message.exact != null && $Object.hasOwnProperty.call(message, "exact") && message.exact.length)
                    writer.uint32(/* id 3, wireType 2 =*/26).bytes(message.exact);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a NumberColumn message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.NumberColumn
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.NumberColumn & tallyport.v1.NumberColumn.$Shape} NumberColumn
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            NumberColumn.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.NumberColumn();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.scale = value;
                            else
                                delete message.scale;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.row = value;
                            else
                                delete message.row;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.exact = value;
                            else
                                delete message.exact;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return NumberColumn;
        })();

        v1.ScanColumns = (function() {

            /**
             * Properties of a ScanColumns.
             * @typedef {Object} tallyport.v1.ScanColumns.$Properties
             * @property {tallyport.v1.TimeColumns.$Properties|null} [time] ScanColumns time
             * @property {tallyport.v1.TextColumn.$Properties|null} [data] ScanColumns data
             * @property {tallyport.v1.StringColumn.$Properties|null} [parcelId] Absolute: rows as of a StringColumn. 0 is not "as before" here but the id that the label text gives
             * by the rule of format 1: an SSCC by its 18 digits, anything else trimmed.
             * @property {tallyport.v1.StringColumn.$Properties|null} [symbology] ScanColumns symbology
             * @property {tallyport.v1.StringColumn.$Properties|null} [readPoint] ScanColumns readPoint
             * @property {tallyport.v1.StringColumn.$Properties|null} [operator] ScanColumns operator
             * @property {tallyport.v1.StringColumn.$Properties|null} [action] ScanColumns action
             * @property {tallyport.v1.NumberColumn.$Properties|null} [deviceSeq] By device.
             * @property {tallyport.v1.StringColumn.$Properties|null} [location] From here on since format 2.
             * @property {tallyport.v1.StringColumn.$Properties|null} [bizStep] ScanColumns bizStep
             * @property {tallyport.v1.NumberColumn.$Properties|null} [antenna] Absolute.
             * @property {tallyport.v1.NumberColumn.$Properties|null} [rssiDbm] ScanColumns rssiDbm
             * @property {tallyport.v1.NumberColumn.$Properties|null} [readCount] ScanColumns readCount
             * @property {Uint8Array|null} [presence] uint: 0 absent, 1 enter, 2 exit.
             * @property {Uint8Array|null} [firstSeen] uint: 0 absent, else 1 + zigzag of (event time - when it was first seen), milliseconds.
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ScanColumns.
             * @memberof tallyport.v1
             * @interface IScanColumns
             * @augments tallyport.v1.ScanColumns.$Properties
             * @deprecated Use tallyport.v1.ScanColumns.$Properties instead.
             */

            /**
             * Shape of a ScanColumns.
             * @typedef {tallyport.v1.ScanColumns.$Properties} tallyport.v1.ScanColumns.$Shape
             */

            /**
             * Constructs a new ScanColumns.
             * @memberof tallyport.v1
             * @classdesc Represents a ScanColumns.
             * @constructor
             * @param {tallyport.v1.ScanColumns.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ScanColumns = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ScanColumns time.
             * @member {tallyport.v1.TimeColumns.$Properties|null|undefined} time
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.time = null;

            /**
             * ScanColumns data.
             * @member {tallyport.v1.TextColumn.$Properties|null|undefined} data
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.data = null;

            /**
             * Absolute: rows as of a StringColumn. 0 is not "as before" here but the id that the label text gives
             * by the rule of format 1: an SSCC by its 18 digits, anything else trimmed.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} parcelId
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.parcelId = null;

            /**
             * ScanColumns symbology.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} symbology
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.symbology = null;

            /**
             * ScanColumns readPoint.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} readPoint
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.readPoint = null;

            /**
             * ScanColumns operator.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} operator
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.operator = null;

            /**
             * ScanColumns action.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} action
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.action = null;

            /**
             * By device.
             * @member {tallyport.v1.NumberColumn.$Properties|null|undefined} deviceSeq
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.deviceSeq = null;

            /**
             * From here on since format 2.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} location
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.location = null;

            /**
             * ScanColumns bizStep.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} bizStep
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.bizStep = null;

            /**
             * Absolute.
             * @member {tallyport.v1.NumberColumn.$Properties|null|undefined} antenna
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.antenna = null;

            /**
             * ScanColumns rssiDbm.
             * @member {tallyport.v1.NumberColumn.$Properties|null|undefined} rssiDbm
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.rssiDbm = null;

            /**
             * ScanColumns readCount.
             * @member {tallyport.v1.NumberColumn.$Properties|null|undefined} readCount
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.readCount = null;

            /**
             * uint: 0 absent, 1 enter, 2 exit.
             * @member {Uint8Array} presence
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.presence = $util.newBuffer([]);

            /**
             * uint: 0 absent, else 1 + zigzag of (event time - when it was first seen), milliseconds.
             * @member {Uint8Array} firstSeen
             * @memberof tallyport.v1.ScanColumns
             * @instance
             */
            ScanColumns.prototype.firstSeen = $util.newBuffer([]);

            /**
             * Encodes the specified ScanColumns message. Does not implicitly {@link tallyport.v1.ScanColumns.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.ScanColumns
             * @static
             * @param {tallyport.v1.ScanColumns.$Properties} message ScanColumns message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ScanColumns.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.time != null && $Object.hasOwnProperty.call(message, "time"))
                    $root.tallyport.v1.TimeColumns.encode(message.time, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.data != null && $Object.hasOwnProperty.call(message, "data"))
                    $root.tallyport.v1.TextColumn.encode(message.data, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.parcelId != null && $Object.hasOwnProperty.call(message, "parcelId"))
                    $root.tallyport.v1.StringColumn.encode(message.parcelId, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.symbology != null && $Object.hasOwnProperty.call(message, "symbology"))
                    $root.tallyport.v1.StringColumn.encode(message.symbology, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.readPoint != null && $Object.hasOwnProperty.call(message, "readPoint"))
                    $root.tallyport.v1.StringColumn.encode(message.readPoint, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.operator != null && $Object.hasOwnProperty.call(message, "operator"))
                    $root.tallyport.v1.StringColumn.encode(message.operator, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.action != null && $Object.hasOwnProperty.call(message, "action"))
                    $root.tallyport.v1.StringColumn.encode(message.action, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.deviceSeq != null && $Object.hasOwnProperty.call(message, "deviceSeq"))
                    $root.tallyport.v1.NumberColumn.encode(message.deviceSeq, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.location != null && $Object.hasOwnProperty.call(message, "location"))
                    $root.tallyport.v1.StringColumn.encode(message.location, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                if (message.bizStep != null && $Object.hasOwnProperty.call(message, "bizStep"))
                    $root.tallyport.v1.StringColumn.encode(message.bizStep, writer.uint32(/* id 10, wireType 2 =*/82).fork(), _depth + 1).ldelim();
                if (message.antenna != null && $Object.hasOwnProperty.call(message, "antenna"))
                    $root.tallyport.v1.NumberColumn.encode(message.antenna, writer.uint32(/* id 11, wireType 2 =*/90).fork(), _depth + 1).ldelim();
                if (message.rssiDbm != null && $Object.hasOwnProperty.call(message, "rssiDbm"))
                    $root.tallyport.v1.NumberColumn.encode(message.rssiDbm, writer.uint32(/* id 12, wireType 2 =*/98).fork(), _depth + 1).ldelim();
                if (message.readCount != null && $Object.hasOwnProperty.call(message, "readCount"))
                    $root.tallyport.v1.NumberColumn.encode(message.readCount, writer.uint32(/* id 13, wireType 2 =*/106).fork(), _depth + 1).ldelim();
                if (message.presence != null && $Object.hasOwnProperty.call(message, "presence") && message.presence.length)
                    writer.uint32(/* id 14, wireType 2 =*/114).bytes(message.presence);
                if (message.firstSeen != null && $Object.hasOwnProperty.call(message, "firstSeen") && message.firstSeen.length)
                    writer.uint32(/* id 15, wireType 2 =*/122).bytes(message.firstSeen);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ScanColumns message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.ScanColumns
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.ScanColumns & tallyport.v1.ScanColumns.$Shape} ScanColumns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ScanColumns.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.ScanColumns();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.time = $root.tallyport.v1.TimeColumns.decode(reader, reader.size(), $undefined, _depth + 1, message.time);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.data = $root.tallyport.v1.TextColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.data);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.parcelId = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.parcelId);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.symbology = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.symbology);
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.readPoint = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.readPoint);
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.operator = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.operator);
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.action = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.action);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.deviceSeq = $root.tallyport.v1.NumberColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.deviceSeq);
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.location = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.location);
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.bizStep = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.bizStep);
                            continue;
                        }
                    case 11: {
                            if (wireType !== 2)
                                break;
                            message.antenna = $root.tallyport.v1.NumberColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.antenna);
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            message.rssiDbm = $root.tallyport.v1.NumberColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.rssiDbm);
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            message.readCount = $root.tallyport.v1.NumberColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.readCount);
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.presence = value;
                            else
                                delete message.presence;
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.firstSeen = value;
                            else
                                delete message.firstSeen;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ScanColumns;
        })();

        v1.PositionColumns = (function() {

            /**
             * Properties of a PositionColumns.
             * @typedef {Object} tallyport.v1.PositionColumns.$Properties
             * @property {tallyport.v1.TimeColumns.$Properties|null} [time] PositionColumns time
             * @property {tallyport.v1.NumberColumn.$Properties|null} [lat] Degrees, by device.
             * @property {tallyport.v1.NumberColumn.$Properties|null} [lon] PositionColumns lon
             * @property {tallyport.v1.NumberColumn.$Properties|null} [speedKmh] Absolute.
             * @property {tallyport.v1.NumberColumn.$Properties|null} [headingDeg] PositionColumns headingDeg
             * @property {tallyport.v1.NumberColumn.$Properties|null} [altitudeM] By device.
             * @property {tallyport.v1.NumberColumn.$Properties|null} [accuracyM] Absolute.
             * @property {tallyport.v1.NumberColumn.$Properties|null} [satellites] PositionColumns satellites
             * @property {tallyport.v1.NumberColumn.$Properties|null} [hdop] PositionColumns hdop
             * @property {Uint8Array|null} [valid] uint: 0 absent, 1 false, 2 true. Since format 2.
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a PositionColumns.
             * @memberof tallyport.v1
             * @interface IPositionColumns
             * @augments tallyport.v1.PositionColumns.$Properties
             * @deprecated Use tallyport.v1.PositionColumns.$Properties instead.
             */

            /**
             * Shape of a PositionColumns.
             * @typedef {tallyport.v1.PositionColumns.$Properties} tallyport.v1.PositionColumns.$Shape
             */

            /**
             * Constructs a new PositionColumns.
             * @memberof tallyport.v1
             * @classdesc Represents a PositionColumns.
             * @constructor
             * @param {tallyport.v1.PositionColumns.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const PositionColumns = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * PositionColumns time.
             * @member {tallyport.v1.TimeColumns.$Properties|null|undefined} time
             * @memberof tallyport.v1.PositionColumns
             * @instance
             */
            PositionColumns.prototype.time = null;

            /**
             * Degrees, by device.
             * @member {tallyport.v1.NumberColumn.$Properties|null|undefined} lat
             * @memberof tallyport.v1.PositionColumns
             * @instance
             */
            PositionColumns.prototype.lat = null;

            /**
             * PositionColumns lon.
             * @member {tallyport.v1.NumberColumn.$Properties|null|undefined} lon
             * @memberof tallyport.v1.PositionColumns
             * @instance
             */
            PositionColumns.prototype.lon = null;

            /**
             * Absolute.
             * @member {tallyport.v1.NumberColumn.$Properties|null|undefined} speedKmh
             * @memberof tallyport.v1.PositionColumns
             * @instance
             */
            PositionColumns.prototype.speedKmh = null;

            /**
             * PositionColumns headingDeg.
             * @member {tallyport.v1.NumberColumn.$Properties|null|undefined} headingDeg
             * @memberof tallyport.v1.PositionColumns
             * @instance
             */
            PositionColumns.prototype.headingDeg = null;

            /**
             * By device.
             * @member {tallyport.v1.NumberColumn.$Properties|null|undefined} altitudeM
             * @memberof tallyport.v1.PositionColumns
             * @instance
             */
            PositionColumns.prototype.altitudeM = null;

            /**
             * Absolute.
             * @member {tallyport.v1.NumberColumn.$Properties|null|undefined} accuracyM
             * @memberof tallyport.v1.PositionColumns
             * @instance
             */
            PositionColumns.prototype.accuracyM = null;

            /**
             * PositionColumns satellites.
             * @member {tallyport.v1.NumberColumn.$Properties|null|undefined} satellites
             * @memberof tallyport.v1.PositionColumns
             * @instance
             */
            PositionColumns.prototype.satellites = null;

            /**
             * PositionColumns hdop.
             * @member {tallyport.v1.NumberColumn.$Properties|null|undefined} hdop
             * @memberof tallyport.v1.PositionColumns
             * @instance
             */
            PositionColumns.prototype.hdop = null;

            /**
             * uint: 0 absent, 1 false, 2 true. Since format 2.
             * @member {Uint8Array} valid
             * @memberof tallyport.v1.PositionColumns
             * @instance
             */
            PositionColumns.prototype.valid = $util.newBuffer([]);

            /**
             * Encodes the specified PositionColumns message. Does not implicitly {@link tallyport.v1.PositionColumns.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.PositionColumns
             * @static
             * @param {tallyport.v1.PositionColumns.$Properties} message PositionColumns message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            PositionColumns.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.time != null && $Object.hasOwnProperty.call(message, "time"))
                    $root.tallyport.v1.TimeColumns.encode(message.time, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.lat != null && $Object.hasOwnProperty.call(message, "lat"))
                    $root.tallyport.v1.NumberColumn.encode(message.lat, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.lon != null && $Object.hasOwnProperty.call(message, "lon"))
                    $root.tallyport.v1.NumberColumn.encode(message.lon, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.speedKmh != null && $Object.hasOwnProperty.call(message, "speedKmh"))
                    $root.tallyport.v1.NumberColumn.encode(message.speedKmh, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.headingDeg != null && $Object.hasOwnProperty.call(message, "headingDeg"))
                    $root.tallyport.v1.NumberColumn.encode(message.headingDeg, writer.uint32(/* id 5, wireType 2 =*/42).fork(), _depth + 1).ldelim();
                if (message.altitudeM != null && $Object.hasOwnProperty.call(message, "altitudeM"))
                    $root.tallyport.v1.NumberColumn.encode(message.altitudeM, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.accuracyM != null && $Object.hasOwnProperty.call(message, "accuracyM"))
                    $root.tallyport.v1.NumberColumn.encode(message.accuracyM, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.satellites != null && $Object.hasOwnProperty.call(message, "satellites"))
                    $root.tallyport.v1.NumberColumn.encode(message.satellites, writer.uint32(/* id 8, wireType 2 =*/66).fork(), _depth + 1).ldelim();
                if (message.hdop != null && $Object.hasOwnProperty.call(message, "hdop"))
                    $root.tallyport.v1.NumberColumn.encode(message.hdop, writer.uint32(/* id 9, wireType 2 =*/74).fork(), _depth + 1).ldelim();
                if (message.valid != null && $Object.hasOwnProperty.call(message, "valid") && message.valid.length)
                    writer.uint32(/* id 10, wireType 2 =*/82).bytes(message.valid);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a PositionColumns message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.PositionColumns
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.PositionColumns & tallyport.v1.PositionColumns.$Shape} PositionColumns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            PositionColumns.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.PositionColumns();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.time = $root.tallyport.v1.TimeColumns.decode(reader, reader.size(), $undefined, _depth + 1, message.time);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.lat = $root.tallyport.v1.NumberColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.lat);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.lon = $root.tallyport.v1.NumberColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.lon);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.speedKmh = $root.tallyport.v1.NumberColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.speedKmh);
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.headingDeg = $root.tallyport.v1.NumberColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.headingDeg);
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.altitudeM = $root.tallyport.v1.NumberColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.altitudeM);
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.accuracyM = $root.tallyport.v1.NumberColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.accuracyM);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            message.satellites = $root.tallyport.v1.NumberColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.satellites);
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.hdop = $root.tallyport.v1.NumberColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.hdop);
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.valid = value;
                            else
                                delete message.valid;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return PositionColumns;
        })();

        v1.ReadingColumns = (function() {

            /**
             * Properties of a ReadingColumns.
             * @typedef {Object} tallyport.v1.ReadingColumns.$Properties
             * @property {tallyport.v1.TimeColumns.$Properties|null} [time] ReadingColumns time
             * @property {Uint8Array|null} [count] uint: how many readings the event has; its rows of the columns below. A "device" of these columns is
             * the device and the place of the reading within its event.
             * @property {tallyport.v1.StringColumn.$Properties|null} [name] ReadingColumns name
             * @property {tallyport.v1.StringColumn.$Properties|null} [unit] ReadingColumns unit
             * @property {Uint8Array|null} [type] uint: 0 number, 1 text, 2 false, 3 true.
             * @property {tallyport.v1.NumberColumn.$Properties|null} [number] Rows for the readings that are numbers, by device; else the last of the same place.
             * @property {tallyport.v1.StringColumn.$Properties|null} [text] Rows for the readings that are text.
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a ReadingColumns.
             * @memberof tallyport.v1
             * @interface IReadingColumns
             * @augments tallyport.v1.ReadingColumns.$Properties
             * @deprecated Use tallyport.v1.ReadingColumns.$Properties instead.
             */

            /**
             * Shape of a ReadingColumns.
             * @typedef {tallyport.v1.ReadingColumns.$Properties} tallyport.v1.ReadingColumns.$Shape
             */

            /**
             * Constructs a new ReadingColumns.
             * @memberof tallyport.v1
             * @classdesc Represents a ReadingColumns.
             * @constructor
             * @param {tallyport.v1.ReadingColumns.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const ReadingColumns = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * ReadingColumns time.
             * @member {tallyport.v1.TimeColumns.$Properties|null|undefined} time
             * @memberof tallyport.v1.ReadingColumns
             * @instance
             */
            ReadingColumns.prototype.time = null;

            /**
             * uint: how many readings the event has; its rows of the columns below. A "device" of these columns is
             * the device and the place of the reading within its event.
             * @member {Uint8Array} count
             * @memberof tallyport.v1.ReadingColumns
             * @instance
             */
            ReadingColumns.prototype.count = $util.newBuffer([]);

            /**
             * ReadingColumns name.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} name
             * @memberof tallyport.v1.ReadingColumns
             * @instance
             */
            ReadingColumns.prototype.name = null;

            /**
             * ReadingColumns unit.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} unit
             * @memberof tallyport.v1.ReadingColumns
             * @instance
             */
            ReadingColumns.prototype.unit = null;

            /**
             * uint: 0 number, 1 text, 2 false, 3 true.
             * @member {Uint8Array} type
             * @memberof tallyport.v1.ReadingColumns
             * @instance
             */
            ReadingColumns.prototype.type = $util.newBuffer([]);

            /**
             * Rows for the readings that are numbers, by device; else the last of the same place.
             * @member {tallyport.v1.NumberColumn.$Properties|null|undefined} number
             * @memberof tallyport.v1.ReadingColumns
             * @instance
             */
            ReadingColumns.prototype.number = null;

            /**
             * Rows for the readings that are text.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} text
             * @memberof tallyport.v1.ReadingColumns
             * @instance
             */
            ReadingColumns.prototype.text = null;

            /**
             * Encodes the specified ReadingColumns message. Does not implicitly {@link tallyport.v1.ReadingColumns.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.ReadingColumns
             * @static
             * @param {tallyport.v1.ReadingColumns.$Properties} message ReadingColumns message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            ReadingColumns.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.time != null && $Object.hasOwnProperty.call(message, "time"))
                    $root.tallyport.v1.TimeColumns.encode(message.time, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.count != null && $Object.hasOwnProperty.call(message, "count") && message.count.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.count);
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    $root.tallyport.v1.StringColumn.encode(message.name, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.unit != null && $Object.hasOwnProperty.call(message, "unit"))
                    $root.tallyport.v1.StringColumn.encode(message.unit, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.type);
                if (message.number != null && $Object.hasOwnProperty.call(message, "number"))
                    $root.tallyport.v1.NumberColumn.encode(message.number, writer.uint32(/* id 6, wireType 2 =*/50).fork(), _depth + 1).ldelim();
                if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
                    $root.tallyport.v1.StringColumn.encode(message.text, writer.uint32(/* id 7, wireType 2 =*/58).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a ReadingColumns message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.ReadingColumns
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.ReadingColumns & tallyport.v1.ReadingColumns.$Shape} ReadingColumns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            ReadingColumns.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.ReadingColumns();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.time = $root.tallyport.v1.TimeColumns.decode(reader, reader.size(), $undefined, _depth + 1, message.time);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.count = value;
                            else
                                delete message.count;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.name = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.name);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.unit = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.unit);
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.type = value;
                            else
                                delete message.type;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.number = $root.tallyport.v1.NumberColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.number);
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.text = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.text);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return ReadingColumns;
        })();

        v1.StatusColumns = (function() {

            /**
             * Properties of a StatusColumns.
             * @typedef {Object} tallyport.v1.StatusColumns.$Properties
             * @property {tallyport.v1.TimeColumns.$Properties|null} [time] StatusColumns time
             * @property {Uint8Array|null} [online] uint: 0 absent, 1 false, 2 true.
             * @property {tallyport.v1.NumberColumn.$Properties|null} [batteryPct] By device.
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a StatusColumns.
             * @memberof tallyport.v1
             * @interface IStatusColumns
             * @augments tallyport.v1.StatusColumns.$Properties
             * @deprecated Use tallyport.v1.StatusColumns.$Properties instead.
             */

            /**
             * Shape of a StatusColumns.
             * @typedef {tallyport.v1.StatusColumns.$Properties} tallyport.v1.StatusColumns.$Shape
             */

            /**
             * Constructs a new StatusColumns.
             * @memberof tallyport.v1
             * @classdesc Represents a StatusColumns.
             * @constructor
             * @param {tallyport.v1.StatusColumns.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const StatusColumns = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * StatusColumns time.
             * @member {tallyport.v1.TimeColumns.$Properties|null|undefined} time
             * @memberof tallyport.v1.StatusColumns
             * @instance
             */
            StatusColumns.prototype.time = null;

            /**
             * uint: 0 absent, 1 false, 2 true.
             * @member {Uint8Array} online
             * @memberof tallyport.v1.StatusColumns
             * @instance
             */
            StatusColumns.prototype.online = $util.newBuffer([]);

            /**
             * By device.
             * @member {tallyport.v1.NumberColumn.$Properties|null|undefined} batteryPct
             * @memberof tallyport.v1.StatusColumns
             * @instance
             */
            StatusColumns.prototype.batteryPct = null;

            /**
             * Encodes the specified StatusColumns message. Does not implicitly {@link tallyport.v1.StatusColumns.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.StatusColumns
             * @static
             * @param {tallyport.v1.StatusColumns.$Properties} message StatusColumns message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            StatusColumns.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.time != null && $Object.hasOwnProperty.call(message, "time"))
                    $root.tallyport.v1.TimeColumns.encode(message.time, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.online != null && $Object.hasOwnProperty.call(message, "online") && message.online.length)
                    writer.uint32(/* id 2, wireType 2 =*/18).bytes(message.online);
                if (message.batteryPct != null && $Object.hasOwnProperty.call(message, "batteryPct"))
                    $root.tallyport.v1.NumberColumn.encode(message.batteryPct, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a StatusColumns message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.StatusColumns
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.StatusColumns & tallyport.v1.StatusColumns.$Shape} StatusColumns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            StatusColumns.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.StatusColumns();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.time = $root.tallyport.v1.TimeColumns.decode(reader, reader.size(), $undefined, _depth + 1, message.time);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.online = value;
                            else
                                delete message.online;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.batteryPct = $root.tallyport.v1.NumberColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.batteryPct);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return StatusColumns;
        })();

        v1.RawColumns = (function() {

            /**
             * Properties of a RawColumns.
             * @typedef {Object} tallyport.v1.RawColumns.$Properties
             * @property {tallyport.v1.TimeColumns.$Properties|null} [time] RawColumns time
             * @property {tallyport.v1.StringColumn.$Properties|null} [reason] RawColumns reason
             * @property {tallyport.v1.StringColumn.$Properties|null} [topic] RawColumns topic
             * @property {Uint8Array|null} [length] uint: bytes of the event's payload.
             * @property {Uint8Array|null} [payload] The payloads, one after the other.
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a RawColumns.
             * @memberof tallyport.v1
             * @interface IRawColumns
             * @augments tallyport.v1.RawColumns.$Properties
             * @deprecated Use tallyport.v1.RawColumns.$Properties instead.
             */

            /**
             * Shape of a RawColumns.
             * @typedef {tallyport.v1.RawColumns.$Properties} tallyport.v1.RawColumns.$Shape
             */

            /**
             * Constructs a new RawColumns.
             * @memberof tallyport.v1
             * @classdesc Represents a RawColumns.
             * @constructor
             * @param {tallyport.v1.RawColumns.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const RawColumns = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * RawColumns time.
             * @member {tallyport.v1.TimeColumns.$Properties|null|undefined} time
             * @memberof tallyport.v1.RawColumns
             * @instance
             */
            RawColumns.prototype.time = null;

            /**
             * RawColumns reason.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} reason
             * @memberof tallyport.v1.RawColumns
             * @instance
             */
            RawColumns.prototype.reason = null;

            /**
             * RawColumns topic.
             * @member {tallyport.v1.StringColumn.$Properties|null|undefined} topic
             * @memberof tallyport.v1.RawColumns
             * @instance
             */
            RawColumns.prototype.topic = null;

            /**
             * uint: bytes of the event's payload.
             * @member {Uint8Array} length
             * @memberof tallyport.v1.RawColumns
             * @instance
             */
            RawColumns.prototype.length = $util.newBuffer([]);

            /**
             * The payloads, one after the other.
             * @member {Uint8Array} payload
             * @memberof tallyport.v1.RawColumns
             * @instance
             */
            RawColumns.prototype.payload = $util.newBuffer([]);

            /**
             * Encodes the specified RawColumns message. Does not implicitly {@link tallyport.v1.RawColumns.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.RawColumns
             * @static
             * @param {tallyport.v1.RawColumns.$Properties} message RawColumns message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            RawColumns.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.time != null && $Object.hasOwnProperty.call(message, "time"))
                    $root.tallyport.v1.TimeColumns.encode(message.time, writer.uint32(/* id 1, wireType 2 =*/10).fork(), _depth + 1).ldelim();
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason"))
                    $root.tallyport.v1.StringColumn.encode(message.reason, writer.uint32(/* id 2, wireType 2 =*/18).fork(), _depth + 1).ldelim();
                if (message.topic != null && $Object.hasOwnProperty.call(message, "topic"))
                    $root.tallyport.v1.StringColumn.encode(message.topic, writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.length != null && $Object.hasOwnProperty.call(message, "length") && message.length.length)
                    writer.uint32(/* id 4, wireType 2 =*/34).bytes(message.length);
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                    writer.uint32(/* id 5, wireType 2 =*/42).bytes(message.payload);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a RawColumns message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.RawColumns
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.RawColumns & tallyport.v1.RawColumns.$Shape} RawColumns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            RawColumns.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.RawColumns();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            message.time = $root.tallyport.v1.TimeColumns.decode(reader, reader.size(), $undefined, _depth + 1, message.time);
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.reason = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.reason);
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.topic = $root.tallyport.v1.StringColumn.decode(reader, reader.size(), $undefined, _depth + 1, message.topic);
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.length = value;
                            else
                                delete message.length;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return RawColumns;
        })();

        v1.AppliedReceipt = (function() {

            /**
             * Properties of an AppliedReceipt.
             * @typedef {Object} tallyport.v1.AppliedReceipt.$Properties
             * @property {string|null} [gateway] AppliedReceipt gateway
             * @property {string|null} [epoch] AppliedReceipt epoch
             * @property {Array.<tallyport.v1.SeqRange.$Properties>|null} [applied] Everything that the cloud will not need again: applied, or given up by the gateway. Ascending, disjoint, not
             * adjacent; where there are more ranges than a message holds, the first of them.
             * @property {tallyport.v1.StreamPosition.$Properties|null} [position] Where in the stream the batch stood that this receipt answers; stream_seq is 0, and the incarnation empty, in
             * answer to a `LedgerRequest`, which says nothing of the stream.
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of an AppliedReceipt.
             * @memberof tallyport.v1
             * @interface IAppliedReceipt
             * @augments tallyport.v1.AppliedReceipt.$Properties
             * @deprecated Use tallyport.v1.AppliedReceipt.$Properties instead.
             */

            /**
             * Shape of an AppliedReceipt.
             * @typedef {tallyport.v1.AppliedReceipt.$Properties} tallyport.v1.AppliedReceipt.$Shape
             */

            /**
             * Constructs a new AppliedReceipt.
             * @memberof tallyport.v1
             * @classdesc Sent after the commit of the read model that a batch was part of (G2), and in answer to a `LedgerRequest`. It
             * states all that is accounted for of the epoch, so that a lost receipt is made good by the next one.
             * @constructor
             * @param {tallyport.v1.AppliedReceipt.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const AppliedReceipt = function (properties) {
                this.applied = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * AppliedReceipt gateway.
             * @member {string} gateway
             * @memberof tallyport.v1.AppliedReceipt
             * @instance
             */
            AppliedReceipt.prototype.gateway = "";

            /**
             * AppliedReceipt epoch.
             * @member {string} epoch
             * @memberof tallyport.v1.AppliedReceipt
             * @instance
             */
            AppliedReceipt.prototype.epoch = "";

            /**
             * Everything that the cloud will not need again: applied, or given up by the gateway. Ascending, disjoint, not
             * adjacent; where there are more ranges than a message holds, the first of them.
             * @member {Array.<tallyport.v1.SeqRange.$Properties>} applied
             * @memberof tallyport.v1.AppliedReceipt
             * @instance
             */
            AppliedReceipt.prototype.applied = $util.emptyArray;

            /**
             * Where in the stream the batch stood that this receipt answers; stream_seq is 0, and the incarnation empty, in
             * answer to a `LedgerRequest`, which says nothing of the stream.
             * @member {tallyport.v1.StreamPosition.$Properties|null|undefined} position
             * @memberof tallyport.v1.AppliedReceipt
             * @instance
             */
            AppliedReceipt.prototype.position = null;

            /**
             * Encodes the specified AppliedReceipt message. Does not implicitly {@link tallyport.v1.AppliedReceipt.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.AppliedReceipt
             * @static
             * @param {tallyport.v1.AppliedReceipt.$Properties} message AppliedReceipt message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            AppliedReceipt.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.gateway != null && $Object.hasOwnProperty.call(message, "gateway") && message.gateway !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.gateway);
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && message.epoch !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.epoch);
                if (message.applied != null && message.applied.length)
                    for (let i = 0; i < message.applied.length; ++i)
                        $root.tallyport.v1.SeqRange.encode(message.applied[i], writer.uint32(/* id 3, wireType 2 =*/26).fork(), _depth + 1).ldelim();
                if (message.position != null && $Object.hasOwnProperty.call(message, "position"))
                    $root.tallyport.v1.StreamPosition.encode(message.position, writer.uint32(/* id 4, wireType 2 =*/34).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes an AppliedReceipt message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.AppliedReceipt
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.AppliedReceipt & tallyport.v1.AppliedReceipt.$Shape} AppliedReceipt
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            AppliedReceipt.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.AppliedReceipt();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.gateway = value;
                            else
                                delete message.gateway;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.epoch = value;
                            else
                                delete message.epoch;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.applied && message.applied.length))
                                message.applied = [];
                            message.applied.push($root.tallyport.v1.SeqRange.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.position = $root.tallyport.v1.StreamPosition.decode(reader, reader.size(), $undefined, _depth + 1, message.position);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return AppliedReceipt;
        })();

        v1.SeqRange = (function() {

            /**
             * Properties of a SeqRange.
             * @typedef {Object} tallyport.v1.SeqRange.$Properties
             * @property {number|Long|null} [firstSeq] SeqRange firstSeq
             * @property {number|Long|null} [lastSeq] SeqRange lastSeq
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a SeqRange.
             * @memberof tallyport.v1
             * @interface ISeqRange
             * @augments tallyport.v1.SeqRange.$Properties
             * @deprecated Use tallyport.v1.SeqRange.$Properties instead.
             */

            /**
             * Shape of a SeqRange.
             * @typedef {tallyport.v1.SeqRange.$Properties} tallyport.v1.SeqRange.$Shape
             */

            /**
             * Constructs a new SeqRange.
             * @memberof tallyport.v1
             * @classdesc Represents a SeqRange.
             * @constructor
             * @param {tallyport.v1.SeqRange.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const SeqRange = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * SeqRange firstSeq.
             * @member {number|Long} firstSeq
             * @memberof tallyport.v1.SeqRange
             * @instance
             */
            SeqRange.prototype.firstSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * SeqRange lastSeq.
             * @member {number|Long} lastSeq
             * @memberof tallyport.v1.SeqRange
             * @instance
             */
            SeqRange.prototype.lastSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Encodes the specified SeqRange message. Does not implicitly {@link tallyport.v1.SeqRange.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.SeqRange
             * @static
             * @param {tallyport.v1.SeqRange.$Properties} message SeqRange message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            SeqRange.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.firstSeq != null && $Object.hasOwnProperty.call(message, "firstSeq") && (typeof message.firstSeq === "object" ? message.firstSeq.low || message.firstSeq.high : message.firstSeq !== 0))
                    writer.uint32(/* id 1, wireType 0 =*/8).uint64(message.firstSeq);
                if (message.lastSeq != null && $Object.hasOwnProperty.call(message, "lastSeq") && (typeof message.lastSeq === "object" ? message.lastSeq.low || message.lastSeq.high : message.lastSeq !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.lastSeq);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a SeqRange message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.SeqRange
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.SeqRange & tallyport.v1.SeqRange.$Shape} SeqRange
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            SeqRange.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.SeqRange();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.firstSeq = value;
                            else
                                delete message.firstSeq;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.lastSeq = value;
                            else
                                delete message.lastSeq;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return SeqRange;
        })();

        v1.StreamPosition = (function() {

            /**
             * Properties of a StreamPosition.
             * @typedef {Object} tallyport.v1.StreamPosition.$Properties
             * @property {string|null} [incarnation] When the stream was made, as the server says it (RFC 3339).
             * @property {number|Long|null} [streamSeq] StreamPosition streamSeq
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a StreamPosition.
             * @memberof tallyport.v1
             * @interface IStreamPosition
             * @augments tallyport.v1.StreamPosition.$Properties
             * @deprecated Use tallyport.v1.StreamPosition.$Properties instead.
             */

            /**
             * Shape of a StreamPosition.
             * @typedef {tallyport.v1.StreamPosition.$Properties} tallyport.v1.StreamPosition.$Shape
             */

            /**
             * Constructs a new StreamPosition.
             * @memberof tallyport.v1
             * @classdesc A message of a stream. A stream that was made again is another incarnation.
             * @constructor
             * @param {tallyport.v1.StreamPosition.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const StreamPosition = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * When the stream was made, as the server says it (RFC 3339).
             * @member {string} incarnation
             * @memberof tallyport.v1.StreamPosition
             * @instance
             */
            StreamPosition.prototype.incarnation = "";

            /**
             * StreamPosition streamSeq.
             * @member {number|Long} streamSeq
             * @memberof tallyport.v1.StreamPosition
             * @instance
             */
            StreamPosition.prototype.streamSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            /**
             * Encodes the specified StreamPosition message. Does not implicitly {@link tallyport.v1.StreamPosition.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.StreamPosition
             * @static
             * @param {tallyport.v1.StreamPosition.$Properties} message StreamPosition message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            StreamPosition.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.incarnation != null && $Object.hasOwnProperty.call(message, "incarnation") && message.incarnation !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.incarnation);
                if (message.streamSeq != null && $Object.hasOwnProperty.call(message, "streamSeq") && (typeof message.streamSeq === "object" ? message.streamSeq.low || message.streamSeq.high : message.streamSeq !== 0))
                    writer.uint32(/* id 2, wireType 0 =*/16).uint64(message.streamSeq);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a StreamPosition message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.StreamPosition
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.StreamPosition & tallyport.v1.StreamPosition.$Shape} StreamPosition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            StreamPosition.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.StreamPosition();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.incarnation = value;
                            else
                                delete message.incarnation;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.streamSeq = value;
                            else
                                delete message.streamSeq;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return StreamPosition;
        })();

        v1.LedgerRequest = (function() {

            /**
             * Properties of a LedgerRequest.
             * @typedef {Object} tallyport.v1.LedgerRequest.$Properties
             * @property {string|null} [gateway] LedgerRequest gateway
             * @property {string|null} [epoch] LedgerRequest epoch
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */

            /**
             * Properties of a LedgerRequest.
             * @memberof tallyport.v1
             * @interface ILedgerRequest
             * @augments tallyport.v1.LedgerRequest.$Properties
             * @deprecated Use tallyport.v1.LedgerRequest.$Properties instead.
             */

            /**
             * Shape of a LedgerRequest.
             * @typedef {tallyport.v1.LedgerRequest.$Properties} tallyport.v1.LedgerRequest.$Shape
             */

            /**
             * Constructs a new LedgerRequest.
             * @memberof tallyport.v1
             * @classdesc "Where does this journal of mine stand?": a request on core NATS, answered with an `AppliedReceipt` from what is
             * committed. `applied` is empty for a journal that the cloud never heard of. A request that is none, or that is
             * about another gateway than its subject, is not answered.
             * @constructor
             * @param {tallyport.v1.LedgerRequest.$Properties=} [properties] Properties to set
             * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
             */
            const LedgerRequest = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            /**
             * LedgerRequest gateway.
             * @member {string} gateway
             * @memberof tallyport.v1.LedgerRequest
             * @instance
             */
            LedgerRequest.prototype.gateway = "";

            /**
             * LedgerRequest epoch.
             * @member {string} epoch
             * @memberof tallyport.v1.LedgerRequest
             * @instance
             */
            LedgerRequest.prototype.epoch = "";

            /**
             * Encodes the specified LedgerRequest message. Does not implicitly {@link tallyport.v1.LedgerRequest.verify|verify} messages.
             * @function encode
             * @memberof tallyport.v1.LedgerRequest
             * @static
             * @param {tallyport.v1.LedgerRequest.$Properties} message LedgerRequest message or plain object to encode
             * @param {$protobuf.Writer} [writer] Writer to encode to
             * @returns {$protobuf.Writer} Writer
             */
            LedgerRequest.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.gateway != null && $Object.hasOwnProperty.call(message, "gateway") && message.gateway !== "")
                    writer.uint32(/* id 1, wireType 2 =*/10).string(message.gateway);
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && message.epoch !== "")
                    writer.uint32(/* id 2, wireType 2 =*/18).string(message.epoch);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            /**
             * Decodes a LedgerRequest message from the specified reader or buffer.
             * @function decode
             * @memberof tallyport.v1.LedgerRequest
             * @static
             * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
             * @param {number} [length] Message length if known beforehand
             * @returns {tallyport.v1.LedgerRequest & tallyport.v1.LedgerRequest.$Shape} LedgerRequest
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            LedgerRequest.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.tallyport.v1.LedgerRequest();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.gateway = value;
                            else
                                delete message.gateway;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.epoch = value;
                            else
                                delete message.epoch;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            return LedgerRequest;
        })();

        return v1;
    })();

    return tallyport;
})();

export {
  $root as default
};
