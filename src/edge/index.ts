// biome-ignore-all format: made by a program
/** Made by `npm run docs`: what ../index.ts exports, as users get it. */
import * as engine from "../index.ts";
import { guarded } from "./guard.ts";

const names = guarded(engine);
export const {
  distributions, detectAnomaly, isAnomalyEnabled, setDetectAnomaly, checkpoint, checkpointSequential, backward, grad,
  defineFunction, hessian, hvp, jacobian, jvp, vhp, vjp, enableGrad, isGradEnabled, noGrad, setGradEnabled, gradcheck,
  gradgradcheck, linalg, bernoulli, binomial, multinomial, normal, poisson, func, nn, optim, toDot, NetworkSummary,
  summary, toSvg, getBackend, getNumThreads, setBackend, setNumThreads, finfo, iinfo, setPrintoptions, Generator,
  getRngState, initialSeed, manualSeed, seed, setRngState, Tensor, transforms, pcaLowrank, svdLowrank, chainMatmul,
  besselJ0, besselJ1, besselY0, besselY1, modifiedBesselK0, modifiedBesselK1, scaledModifiedBesselK0,
  scaledModifiedBesselK1, sphericalBesselJ0, airyAi, einsum, gradient, meshgrid, cartesianProd, combinations, vander,
  trilIndices, triuIndices, histogramdd, logdet, i0, i0e, i1, i1e, frexp, nextafter, floatPower, ldexp, histc,
  histogram, bincount, bucketize, searchsorted, isclose, allclose, equal, eq, ne, lt, le, gt, ge, isnan, argmax, argmin,
  prod, cumsum, cumprod, cdist, pdist, normExceptDim, renorm, dist, floorDivide, fmod, remainder, trueDivide, rsub,
  square, add, sub, mul, div, pow, neg, abs, sign, exp, log, sqrt, tanh, sigmoid, relu, clamp, clampMin, clampMax,
  maximum, minimum, fmax, fmin, where, sin, cos, tan, asin, acos, atan, sinh, cosh, asinh, acosh, atanh, erf, erfc,
  expm1, exp2, log1p, log2, log10, rsqrt, reciprocal, atan2, hypot, mvlgamma, igamma, igammac, gammainc, gammaincc,
  multigammaln, zeta, gather, indexSelect, index, Slice, bitwiseNot, bitwiseAnd, bitwiseOr, bitwiseXor,
  bitwiseLeftShift, bitwiseRightShift, gcd, lcm, geqrf, ormqr, orgqr, svd, det, slogdet, inverse, pinverse, cholesky,
  qr, choleskyInverse, choleskySolve, luSolve, luUnpack, lu, matrixExp, matrixPower, logicalAnd, logicalOr, logicalXor,
  logicalNot, any, all, isinf, isposinf, isneginf, isreal, isfinite, countNonzero, nonzero, maskedFill, maskedSelect,
  tril, triu, matmul, mm, bmm, mv, dot, outer, lerp, addcmul, addcdiv, kthvalue, mode, median, nanmedian, msort,
  quantile, nanquantile, slice, narrow, select, split, chunk, cat, stack, take, takeAlongDim, put, indexCopy,
  maskedScatter, argwhere, tensordot, cross, kron, inner, addmm, addmv, addr, vdot, baddbmm, addbmm, isNonzero,
  positive, sumToSize, broadcastShapes, resultType, isSameSize, isSigned, promoteTypes, canCast, roll, movedim, repeat,
  tile, repeatInterleave, flip, sum, norm, mean, std, max, min, logsumexp, frac, round, nanToNum, floor, ceil, trunc,
  diff, trapezoid, cumulativeTrapezoid, cummax, cummin, logcumsumexp, scatter, scatterAdd, indexPut, indexAdd,
  indexFill, scatterReduce, indexReduce, greaterEqual, greater, lessEqual, less, notEqual, absolute, clip, divide,
  multiply, negative, sgn, subtract, arccos, arccosh, arcsin, arcsinh, arctan, arctan2, arctanh, ger, concat,
  concatenate, moveaxis, fix, swapaxes, swapdims, reshape, flatten, squeeze, transpose, t, clone, contiguous, to, view,
  unsqueeze, permute, expand, heaviside, signbit, copysign, softmax, logSoftmax, sort, argsort, topk, lgamma, digamma,
  polygamma, erfinv, logit, sinc, xlogy, xlog1py, entr, logaddexp, logaddexp2, vstack, hstack, dstack, columnStack,
  unbind, tensorSplit, unflatten, broadcastTensors, ravel, atleast1d, atleast2d, atleast3d, hsplit, vsplit, dsplit,
  broadcastTo, nanmean, aminmax, cov, corrcoef, nansum, amax, amin, stdMean, varMean, asStrided, asStridedScatter,
  selectScatter, sliceScatter, diagonalScatter, rot90, fliplr, flipud, diagEmbed, blockDiag, diagflat, unique,
  uniqueConsecutive, isin, diagonal, diag, trace, unfold, erfcx, ndtr, logNdtr, ndtri, chebyshevPolynomialT,
  chebyshevPolynomialU, chebyshevPolynomialV, chebyshevPolynomialW, shiftedChebyshevPolynomialT,
  shiftedChebyshevPolynomialU, shiftedChebyshevPolynomialV, shiftedChebyshevPolynomialW, hermitePolynomialH,
  hermitePolynomialHe, laguerrePolynomialL, legendrePolynomialP, defaultCollate, defaultConvert, DataLoader, Dataset,
  TensorDataset, safetensors, ImageDataset, BatchSampler, RandomSampler, Sampler, SequentialSampler,
  SubsetRandomSampler, WeightedRandomSampler, IterableDataset, ChainDataset, randomSplit, Subset, ConcatDataset,
  setDefaultDtype, tensor, eye, arange, linspace, logspace, getDefaultDtype, zeros, ones, full, empty, rand, randn,
  randint, randperm, zerosLike, onesLike, emptyLike, randLike, randnLike, fullLike, randintLike, kaiserWindow,
  bartlettWindow, blackmanWindow, hammingWindow, hannWindow,
} = names;

const { var: variance } = names;

export { variance as var };
